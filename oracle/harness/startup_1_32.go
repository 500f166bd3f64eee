//go:build !from1_33

package main

import kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"

// pullPolicy: there is none before 1.33.
func pullPolicy(*kubeletconfig.KubeletConfiguration) error { return nil }
