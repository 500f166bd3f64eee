package main

import (
	"flag"
	"fmt"
	"sort"
	"strings"

	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/v1beta1"
)

// pristine are the gates as the kubelet's packages register them, gateDefaults what they are.
var (
	pristine     = utilfeature.DefaultMutableFeatureGate.DeepCopy()
	gateDefaults = pristine.GetAll()
)

// Configurations share these with their packages, and a drop-in's decoding can write into them.
var (
	defaultEviction    = copied(*sharedEviction)
	defaultEnforcement = append([]string{}, v1beta1.DefaultNodeAllocatableEnforcement...)
)

func copied(from map[string]string) map[string]string {
	out := make(map[string]string, len(from))
	for name, value := range from {
		out[name] = value
	}
	return out
}

// reset takes back what a start leaves behind in its process.
func reset(previous *start) {
	utilfeature.DefaultMutableFeatureGate = pristine.DeepCopy()
	utilfeature.DefaultFeatureGate = utilfeature.DefaultMutableFeatureGate
	if previous != nil && previous.set != nil {
		previous.set.VisitAll(resetGlobal)
	}
	*sharedEviction = copied(defaultEviction)
	v1beta1.DefaultNodeAllocatableEnforcement = append([]string{}, defaultEnforcement...)
	resetLogging()
	var flags flag.FlagSet
	klog.InitFlags(&flags)
	flags.VisitAll(func(known *flag.Flag) {
		// klog refuses its own default ":0" here; nothing is traced where it is empty.
		if known.Name != "log_backtrace_at" {
			_ = known.Value.Set(known.DefValue)
		}
	})
	klog.ClearLogger()
	klog.OsExit = func(code int) { panic(exit{code}) }
}

// resetGlobal sets a flag back that lives in a package, as klog's, cadvisor's and --version do.
func resetGlobal(known *pflag.Flag) {
	if known.Changed && isGlobal(known.Name) {
		known.Changed = false
		if known.Value.Set(known.DefValue) != nil {
			_ = known.Value.Set("")
		}
	}
}

var globals = map[string]bool{}

func isGlobal(name string) bool {
	if len(globals) == 0 {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		options.AddGlobalFlags(set)
		set.VisitAll(func(known *pflag.Flag) { globals[known.Name] = true })
	}
	return globals[name]
}

// isEnabled says whether a gate is on; a gate that the release does not know guards nothing there.
func isEnabled(name string) bool {
	_, known := utilfeature.DefaultMutableFeatureGate.GetAll()[featuregate.Feature(name)]
	return !known || utilfeature.DefaultFeatureGate.Enabled(featuregate.Feature(name))
}

// gatesSet gives the gates that were set, as the registry prints them. Asking it for each gate would cost
// more than a start does.
func gatesSet() map[string]bool {
	out := map[string]bool{}
	for _, pair := range strings.Split(utilfeature.DefaultMutableFeatureGate.(fmt.Stringer).String(), ",") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			out[name] = value == "true"
		}
	}
	return out
}

// gates gives every gate's value. It works on a copy: asking a gate can close the registry.
func gates() map[string]bool {
	copied := utilfeature.DefaultMutableFeatureGate.DeepCopy()
	out := map[string]bool{}
	for name := range copied.GetAll() {
		out[string(name)] = copied.Enabled(name)
	}
	return out
}

func sorted[V any](of map[string]V) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
