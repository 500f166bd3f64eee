package main

// A rule changes calls of one function inside another, in a file of the release.
//
// The kubelet's own RunE and run decide what is done in which order; a rule only marks a stage or
// takes away what hangs on the machine. A rule that matches nothing in a release that it is for
// fails the build, so that no release can change its order unseen.
type rule struct {
	function string // the function of the release that is changed
	callee   string // the call, as the release writes it
	stage    string // the stage that begins with this call
	instead  string // or the function of our overlay that is called instead
	from, to int    // the first and the last minor that has the call; 0: no bound
}

type file struct {
	path   string // below k8s.io/kubernetes
	rules  []rule
	insert []insertion
	// Texts that a function must still hold, because our harness restates what it does with them.
	restated []restated
}

// An insertion adds a statement of ours.
type insertion struct {
	function string
	before   string // the variable whose declaration it goes before; empty: first in RunE's body
	text     string
}

type restated struct {
	function, text string
	from, to       int
}

var files = []file{
	{
		path: "cmd/kubelet/app/server.go",
		insert: []insertion{
			{"NewKubeletCommand", "", "oracleSee(&kubeletConfig, kubeletFlags, cleanFlagSet)"},
		},
		rules: []rule{
			{function: "NewKubeletCommand", callee: "cleanFlagSet.Parse", stage: "command-line"},
			{function: "NewKubeletCommand", callee: "cmd.Help", instead: "oracleHelp"},
			{function: "NewKubeletCommand", callee: "verflag.PrintAndExitIfRequested", instead: "oracleVersion"},
			{function: "NewKubeletCommand", callee: "utilfeature.DefaultMutableFeatureGate.SetFromMap", stage: "feature-gates"},
			{function: "NewKubeletCommand", callee: "options.ValidateKubeletFlags", stage: "flag-validation"},
			{function: "NewKubeletCommand", callee: "loadConfigFile", stage: "config-file"},
			{function: "NewKubeletCommand", callee: "mergeKubeletConfigurations", stage: "drop-in", from: 28},
			{function: "NewKubeletCommand", callee: "kubeletConfigFlagPrecedence", stage: "precedence"},
			{function: "NewKubeletCommand", callee: "logsapi.ValidateAndApplyAsField", stage: "logging"},
			{function: "NewKubeletCommand", callee: "kubeletconfigvalidation.ValidateKubeletConfiguration", stage: "validation"},
			{function: "NewKubeletCommand", callee: "UnsecuredDependencies", stage: "tls"},
			{function: "NewKubeletCommand", callee: "os.Exit", instead: "oracleExit"},
			// It may be called once in a process.
			{function: "NewKubeletCommand", callee: "genericapiserver.SetupSignalContext", instead: "oracleContext"},
			{function: "NewKubeletCommand", callee: "Run", stage: "start-up"},
			{function: "UnsecuredDependencies", callee: "ProbeVolumePlugins", stage: "start-up"},

			// The lock file, inotify and /configz of a process that lives on.
			{function: "run", callee: "flock.Acquire", instead: "oracleNothing"},
			{function: "run", callee: "watchForLockfileContention", instead: "oracleNothing"},
			{function: "run", callee: "initConfigz", instead: "oracleConfigz"},
			// In-tree cloud providers, which call their cloud's metadata server.
			{function: "run", callee: "cloudprovider.InitCloudProvider", instead: "oracleCloudProvider", to: 31},
			// The kubeconfig's content and the API server.
			{function: "run", callee: "buildKubeletClientConfig", instead: "oracleClientConfig"},
			{function: "run", callee: "BuildAuth", stage: "authorization"},
			// The container runtime.
			{function: "run", callee: "kubelet.PreInitRuntimeService", instead: "oracleRuntimeService"},
			{function: "run", callee: "getCgroupDriverFromCRI", instead: "oracleNothing", from: 28},
			{function: "run", callee: "kubeDeps.RemoteRuntimeService.PodSandboxStats", instead: "oracleNoStats", from: 37},
			{function: "run", callee: "cm.NodeAllocatableRoot", stage: "start-up"},
			// The machine, which is fabricated.
			{function: "run", callee: "cadvisor.New", instead: "oracleCadvisor"},
			{function: "run", callee: "makeEventRecorder", instead: "oracleNothing"},
			{function: "run", callee: "cm.NewContainerManager", instead: "oracleContainerManager"},
			{function: "run", callee: "oomAdjuster.ApplyOOMScoreAdj", instead: "oracleNothingWith(oomAdjuster)"},
			{function: "RunKubelet", callee: "makeEventRecorder", instead: "oracleNothing"},
			{function: "RunKubelet", callee: "getNodeName", instead: "oracleNodeName", to: 31},
		},
	},
	{
		path: "pkg/kubelet/kubelet.go",
		insert: []insertion{
			// What NewMainKubelet refuses by itself stands before this variable; what it makes
			// after it needs a cluster and a runtime.
			{"NewMainKubelet", "nodeHasSynced", "if err := OracleRest(kubeCfg, kubeDeps); err != nil { return nil, err }"},
		},
		restated: []restated{
			{"NewMainKubelet", "unknown configmap and secret manager mode: %v", 25, 0},
			{"NewMainKubelet", "failed to initialize container log manager: %v", 25, 0},
			{"NewMainKubelet", "failed to initialize image manager: %v", 25, 0},
		},
	},
}
