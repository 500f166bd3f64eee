//go:build !from1_28

package main

// resetLogging: before 1.28 a process may apply its logging configuration again.
func resetLogging() {}
