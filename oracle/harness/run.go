package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	"k8s.io/kubernetes/pkg/kubelet"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
)

// errPassed ends a start-up that nothing refused.
var errPassed = errors.New("the oracle found nothing that refuses")

// An exit is what a call of os.Exit becomes.
type exit struct{ code int }

// A start is one run of the kubelet's own RunE.
type start struct {
	stage  string
	config **kubeletconfig.KubeletConfiguration
	flags  *options.KubeletFlags
	set    *pflag.FlagSet
	shown  *kubeletconfig.KubeletConfiguration // as /configz would show it
	node   *cm.NodeConfig
	passed bool
	err    error
	exit   *exit
	panics bool
	trace  string
	cancel context.CancelFunc
}

// run starts the kubelet on a command line and stops it before it would touch the machine.
func run(args []string) *start {
	s := &start{stage: "command-line"}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	app.Oracle = app.OracleHooks{
		Stage: func(stage string) { s.stage = stage },
		See: func(config **kubeletconfig.KubeletConfiguration, flags *options.KubeletFlags, set *pflag.FlagSet) {
			s.config, s.flags, s.set = config, flags, set
		},
		Help:             func() error { panic(exit{0}) },
		Version:          func() { s.exitOnVersion() },
		Exit:             func(code int) { panic(exit{code}) },
		Context:          func() context.Context { return ctx },
		Configz:          func(config *kubeletconfig.KubeletConfiguration) { s.shown = config.DeepCopy() },
		RuntimeService:   s.runtimeService,
		Cadvisor:         machine{},
		ContainerManager: func(config cm.NodeConfig) error { return s.containerManager(config) },
		CloudProvider:    cloudProvider,
	}
	kubelet.OracleRest = func(config *kubeletconfig.KubeletConfiguration, dependencies *kubelet.Dependencies) error {
		return s.rest(config, dependencies)
	}
	s.recovering(func() error {
		command := call(app.NewKubeletCommand)[0].Interface().(*cobra.Command)
		return command.RunE(command, args)
	})
	return s
}

func (s *start) recovering(then func() error) {
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case exit:
			s.exit = &reason
		default:
			s.err, s.panics, s.trace = fmt.Errorf("%v", reason), true, string(debug.Stack())
		}
	}()
	err := then()
	if s.passed = errors.Is(err, errPassed); !s.passed {
		s.err = err
	}
}

// exitOnVersion does what verflag.PrintAndExitIfRequested does (component-base/version/verflag).
func (s *start) exitOnVersion() {
	flag := s.set.Lookup("version")
	if value := flag.Value.String(); value == "true" || value == "raw" {
		panic(exit{0})
	}
}

func (s *start) server() *kubeletconfig.KubeletConfiguration {
	if s.shown != nil {
		return s.shown
	}
	if s.config != nil {
		return *s.config
	}
	return nil
}
