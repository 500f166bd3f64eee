//go:build !from1_26

package main

import "k8s.io/kubernetes/pkg/kubelet/apis/config/v1beta1"

// sharedEviction is a map that configurations share with its package.
var sharedEviction = &v1beta1.DefaultEvictionHard
