//go:build from1_37

package main

import (
	cadvisorapi "github.com/google/cadvisor/lib/model"
	"k8s.io/klog/v2"
)

type (
	apiMachineInfo = cadvisorapi.MachineInfo
	apiNode        = cadvisorapi.Node
	apiCore        = cadvisorapi.Core
)

func (machine) MachineInfo(klog.Logger) (*apiMachineInfo, error) { return machineInfo(), nil }
