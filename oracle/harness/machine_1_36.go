//go:build !from1_37

package main

import cadvisorapi "github.com/google/cadvisor/info/v1"

type (
	apiMachineInfo = cadvisorapi.MachineInfo
	apiNode        = cadvisorapi.Node
	apiCore        = cadvisorapi.Core
)

func (machine) MachineInfo() (*apiMachineInfo, error) { return machineInfo(), nil }
