package main

import (
	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/kubelet/cadvisor"
)

const (
	cpus   = 8
	memory = 32 << 30
)

// machine is the fabricated machine: 8 CPUs with a core each, 32 GiB, one NUMA node.
type machine struct {
	cadvisor.Interface
}

func machineInfo() *apiMachineInfo {
	node := apiNode{Memory: memory}
	for cpu := 0; cpu < cpus; cpu++ {
		core := apiCore{Id: cpu, Threads: []int{cpu}, SocketID: 0}
		node.Cores = append(node.Cores, core)
	}
	return &apiMachineInfo{
		NumCores:         cpus,
		NumPhysicalCores: cpus,
		NumSockets:       1,
		MemoryCapacity:   memory,
		Topology:         []apiNode{node},
		MachineID:        "oracle",
	}
}

func capacity() v1.ResourceList {
	return cadvisor.CapacityFromMachineInfo(machineInfo())
}
