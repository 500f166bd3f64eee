//go:build from1_26

package main

import "k8s.io/kubernetes/pkg/kubelet/eviction"

// sharedEviction is a map that configurations share with its package.
var sharedEviction = &eviction.DefaultEvictionHard
