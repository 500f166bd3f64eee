//go:build from1_28

package main

import (
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	logsapi "k8s.io/component-base/logs/api/v1"
)

// resetLogging lets the next start apply its logging configuration.
func resetLogging() {
	_ = logsapi.ResetForTest(utilfeature.DefaultFeatureGate)
}
