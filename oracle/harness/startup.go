package main

import (
	"fmt"
	"os"

	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/kubernetes/pkg/credentialprovider/plugin"
	"k8s.io/kubernetes/pkg/kubelet"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubelet/cm/cpumanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/memorymanager"
	"k8s.io/kubernetes/pkg/kubelet/cm/topologymanager"
	kubecontainer "k8s.io/kubernetes/pkg/kubelet/container"
	"k8s.io/kubernetes/pkg/kubelet/eviction"
	"k8s.io/kubernetes/pkg/kubelet/images"
	"k8s.io/kubernetes/pkg/kubelet/logs"
	"k8s.io/kubernetes/pkg/kubelet/sysctl"
)

// cloudProvider judges the name as cloudprovider.InitCloudProvider does, up to 1.31; whether a known
// in-tree provider can be made is for its cloud to say.
func cloudProvider(name string) error {
	if name == "" || cloudprovider.IsExternal(name) || cloudprovider.IsCloudProvider(name) {
		return nil
	}
	return fmt.Errorf("unknown cloud provider %q", name)
}

// containerManager calls the constructors that NewContainerManager calls, in its order
// (pkg/kubelet/cm/container_manager_linux.go).
func (s *start) containerManager(config cm.NodeConfig) error {
	s.node = &config
	info := machineInfo()
	reservation := cm.OracleReservation(config, capacity())
	root := config.KubeletRootDir

	var topology topologymanager.Manager
	if isEnabled("TopologyManager") {
		made := call(topologymanager.NewManager, info.Topology,
			field(config, "TopologyManagerPolicy", "ExperimentalTopologyManagerPolicy"),
			field(config, "TopologyManagerScope", "ExperimentalTopologyManagerScope"),
			field(config, "TopologyManagerPolicyOptions", "ExperimentalTopologyManagerPolicyOptions"))
		if err := fails(made); err != nil {
			return err
		}
		topology = made[0].Interface().(topologymanager.Manager)
	} else {
		topology = call(topologymanager.NewFakeManager)[0].Interface().(topologymanager.Manager)
	}
	if isEnabled("CPUManager") {
		made := call(cpumanager.NewManager,
			field(config, "CPUManagerPolicy", "ExperimentalCPUManagerPolicy"), root,
			field(config, "CPUManagerPolicyOptions", "ExperimentalCPUManagerPolicyOptions"),
			field(config, "CPUManagerReconcilePeriod", "ExperimentalCPUManagerReconcilePeriod"),
			info, config.ReservedSystemCPUs, reservation, topology)
		if err := fails(made); err != nil {
			return err
		}
	}
	if isEnabled("MemoryManager") {
		made := call(memorymanager.NewManager,
			field(config, "MemoryManagerPolicy", "ExperimentalMemoryManagerPolicy"), root,
			info, reservation,
			field(config, "MemoryManagerReservedMemory", "ExperimentalMemoryManagerReservedMemory"),
			topology)
		if err := fails(made); err != nil {
			return err
		}
	}
	return nil
}

// runtimeService judges the endpoints as NewRemoteRuntimeService and NewRemoteImageService do first.
func (s *start) runtimeService(config *kubeletconfig.KubeletConfiguration) error {
	runtime, isField := field(config, "ContainerRuntimeEndpoint").(string)
	image, _ := field(config, "ImageServiceEndpoint").(string)
	if !isField { // up to 1.26 they are flags alone
		runtime, _ = field(s.flags, "RemoteRuntimeEndpoint").(string)
		image, _ = field(s.flags, "RemoteImageEndpoint").(string)
	}
	if image == "" {
		image = runtime
	}
	if err := checkEndpoint(runtime); err != nil {
		return err
	}
	return checkEndpoint(image)
}

// rest calls what NewMainKubelet calls after the refusals that it holds itself, in its order
// (pkg/kubelet/kubelet.go), and then what ends the process when the container manager starts.
func (s *start) rest(config *kubeletconfig.KubeletConfiguration, dependencies *kubelet.Dependencies) error {
	enforce := config.EnforceNodeAllocatable
	if s.flags.ExperimentalNodeAllocatableIgnoreEvictionThreshold {
		enforce = []string{}
	}
	steps := []func() error{
		func() error {
			_, err := eviction.ParseThresholdConfig(enforce, config.EvictionHard, config.EvictionSoft,
				config.EvictionSoftGracePeriod, config.EvictionMinimumReclaim)
			return err
		},
		func() error { return changeDetection(config, dependencies) },
		func() error { return containerLogs(config) },
		s.credentialProvider,
		func() error { return pullPolicy(config) },
		func() error {
			return fails(call(kubecontainer.NewContainerGC, kubecontainer.GCPolicy{
				MinAge:             s.flags.MinimumGCAge.Duration,
				MaxPerPodContainer: int(s.flags.MaxPerPodContainerCount),
				MaxContainers:      int(s.flags.MaxContainerCount),
			}))
		},
		func() error { return imageGC(config, dependencies) },
		func() error {
			safe := call(sysctl.SafeSysctlAllowlist)[0].Interface().([]string)
			_, err := sysctl.NewAllowlist(append(safe, config.AllowedUnsafeSysctls...))
			return err
		},
		// ContainerManager.Start; kubelet.initializeRuntimeDependentModules exits on its error.
		func() error { return cm.OracleValidateAllocatable(*s.node, capacity()) },
		func() error { return s.listen(config, dependencies) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return errPassed
}

// changeDetection restates the refusal in NewMainKubelet's switch.
func changeDetection(config *kubeletconfig.KubeletConfiguration, dependencies *kubelet.Dependencies) error {
	switch strategy := config.ConfigMapAndSecretChangeDetectionStrategy; strategy {
	case kubeletconfig.WatchChangeDetectionStrategy,
		kubeletconfig.TTLCacheChangeDetectionStrategy,
		kubeletconfig.GetChangeDetectionStrategy:
		return nil
	default:
		if dependencies.KubeClient == nil {
			return nil
		}
		return fmt.Errorf("unknown configmap and secret manager mode: %v", strategy)
	}
}

func containerLogs(config *kubeletconfig.KubeletConfiguration) error {
	workers := 0
	if set, ok := field(config, "ContainerLogMaxWorkers").(int32); ok { // from 1.29
		workers = int(set)
	}
	err := fails(call(logs.NewContainerLogManager, config.ContainerLogMaxSize,
		int(config.ContainerLogMaxFiles), workers, field(config, "ContainerLogMonitorInterval")))
	if err != nil {
		return fmt.Errorf("failed to initialize container log manager: %v", err)
	}
	return nil
}

// credentialProvider does what NewKubeGenericRuntimeManager does with these two flags
// (pkg/kubelet/kuberuntime/kuberuntime_manager.go). Where both are given, what they name is taken to be
// good; a process can register a provider once.
func (s *start) credentialProvider() error {
	file, _ := field(s.flags, "ImageCredentialProviderConfigPath", "ImageCredentialProviderConfigFile").(string)
	bin := s.flags.ImageCredentialProviderBinDir
	if file == "" && bin == "" || file != "" && bin != "" {
		return nil
	}
	if bin != "" {
		if err := os.MkdirAll(bin, 0o755); err != nil {
			return err
		}
	}
	return fails(call(plugin.RegisterCredentialProviderPlugins, file, bin))
}

func imageGC(config *kubeletconfig.KubeletConfiguration, dependencies *kubelet.Dependencies) error {
	policy := images.ImageGCPolicy{
		MinAge:               config.ImageMinimumGCAge.Duration,
		HighThresholdPercent: int(config.ImageGCHighThresholdPercent),
		LowThresholdPercent:  int(config.ImageGCLowThresholdPercent),
	}
	if err := fails(call(images.NewImageGCManager, policy, "", dependencies.TracerProvider)); err != nil {
		return fmt.Errorf("failed to initialize image manager: %v", err)
	}
	return nil
}
