package main

// What cmd/kubelet/kubelet.go registers beside the command itself.
import (
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/version"
)
