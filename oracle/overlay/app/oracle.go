package app

import (
	"context"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/types"
	restclient "k8s.io/client-go/rest"
	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfiginternal "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cadvisor"
	"k8s.io/kubernetes/pkg/kubelet/cm"
)

// OracleHooks are what the harness does at the marks that were put into this package.
type OracleHooks struct {
	Stage            func(string)
	See              func(**kubeletconfiginternal.KubeletConfiguration, *options.KubeletFlags, *pflag.FlagSet)
	Help             func() error
	Version          func()
	Exit             func(int)
	Context          func() context.Context
	Configz          func(*kubeletconfiginternal.KubeletConfiguration)
	RuntimeService   func(*kubeletconfiginternal.KubeletConfiguration) error
	Cadvisor         cadvisor.Interface
	ContainerManager func(cm.NodeConfig) error
	CloudProvider    func(name string) error
}

// Oracle is set by the harness before it runs anything.
var Oracle OracleHooks

func oracleAt[F any](stage string, function F) F {
	Oracle.Stage(stage)
	return function
}

func oracleSee(config **kubeletconfiginternal.KubeletConfiguration, flags *options.KubeletFlags, set *pflag.FlagSet) {
	Oracle.See(config, flags, set)
}

func oracleHelp() error              { return Oracle.Help() }
func oracleVersion()                 { Oracle.Version() }
func oracleExit(code int)            { Oracle.Exit(code) }
func oracleContext() context.Context { return Oracle.Context() }

func oracleNothing(...any) error        { return nil }
func oracleNoStats(...any) (any, error) { return nil, nil }

// oracleNothingWith uses a variable of the caller's, which has no other use left.
func oracleNothingWith(any) func(...any) error { return oracleNothing }

func oracleConfigz(args ...any) error {
	for _, arg := range args {
		if config, ok := arg.(*kubeletconfiginternal.KubeletConfiguration); ok {
			Oracle.Configz(config)
		}
	}
	return nil
}

// oracleClientConfig is a client of an API server that is never called.
func oracleClientConfig(args ...any) (*restclient.Config, func(), error) {
	config := &restclient.Config{Host: "https://127.0.0.1:6443"}
	for _, arg := range args {
		if server, ok := arg.(*options.KubeletServer); ok {
			kubeClientConfigOverrides(server, config)
		}
	}
	return config, func() {}, nil
}

func oracleRuntimeService(args ...any) error {
	Oracle.Stage("start-up")
	for _, arg := range args {
		if config, ok := arg.(*kubeletconfiginternal.KubeletConfiguration); ok {
			return Oracle.RuntimeService(config)
		}
	}
	return nil
}

func oracleCadvisor(...any) (cadvisor.Interface, error) { return Oracle.Cadvisor, nil }

// oracleContainerManager leaves NewContainerManager's place empty after its leaf functions.
func oracleContainerManager(args ...any) (cm.ContainerManager, error) {
	for _, arg := range args {
		if config, ok := arg.(cm.NodeConfig); ok {
			return cm.NewStubContainerManager(), Oracle.ContainerManager(config)
		}
	}
	panic("NewContainerManager takes no NodeConfig")
}

func oracleCloudProvider(name, _ string) (cloudprovider.Interface, error) {
	return nil, Oracle.CloudProvider(name)
}

func oracleNodeName(_ cloudprovider.Interface, hostname string) (types.NodeName, error) {
	return types.NodeName(hostname), nil
}
