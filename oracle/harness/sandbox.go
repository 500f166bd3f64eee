package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

const (
	configPath     = "/var/lib/kubelet/config.yaml"
	dropInPath     = "/etc/kubernetes/kubelet.conf.d"
	kubeconfigPath = "/var/lib/kubelet/kubeconfig"
	caPath         = "/etc/kubernetes/pki/ca.crt"
	outputPath     = "/output" // what the kubelet prints
)

// baseline is every file that the fabricated machine has before a start.
var baseline = map[string]string{
	kubeconfigPath:                         "apiVersion: v1\nkind: Config\n",
	caPath:                                 certificatePEM,
	"/var/lib/kubelet/pki/kubelet.crt":     certificatePEM,
	"/var/lib/kubelet/pki/kubelet.key":     keyPEM,
	"/etc/resolv.conf":                     "nameserver 127.0.0.1\n",
	"/proc/swaps":                          "Filename\tType\tSize\tUsed\tPriority\n",
	"/proc/sys/kernel/osrelease":           "6.8.0\n",
	"/sys/fs/cgroup/cgroup.controllers":    "cpuset cpu io memory hugetlb pids\n",
	"/usr/libexec/kubernetes/kubelet/keep": "",
}

// inSandbox runs this program again as root of a root directory of its own, without network, so that
// the paths in an answer are a node's and nothing of the real machine is read or written.
func inSandbox(args ...string) (*exec.Cmd, func(), error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	// Beside the program, so that it can be linked.
	root, err := os.MkdirTemp(filepath.Dir(program), "root-")
	if err != nil {
		return nil, nil, err
	}
	coverage := filepath.Join(root, "coverage")
	remove := func() {
		collected(coverage)
		_ = os.RemoveAll(root)
	}
	if err := placed(program, filepath.Join(root, "oracle")); err != nil {
		return nil, remove, err
	}
	for path, text := range baseline {
		if err := write(filepath.Join(root, path), text); err != nil {
			return nil, remove, err
		}
	}
	command := exec.Command("/oracle", args...)
	command.Dir = "/"
	// Memory is spent to collect less often, which is a fifth of the time.
	command.Env = []string{"KUBELET_CONFIG_DROPIN_DIR_ALPHA=1", "PATH=/bin", "GOGC=400"}
	if value, ok := os.LookupEnv("GODEBUG"); ok {
		command.Env = append(command.Env, "GODEBUG="+value)
	}
	if os.Getenv("GOCOVERDIR") != "" { // an oracle that was built to count the statements it reaches
		if err := os.Mkdir(coverage, 0o755); err != nil {
			return nil, remove, err
		}
		command.Env = append(command.Env, "GOCOVERDIR=/coverage")
	}
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{
		Chroot: root,
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS |
			syscall.CLONE_NEWNET | syscall.CLONE_NEWPID,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return command, remove, nil
}

// collected moves what a worker counted to where this program was told to.
func collected(coverage string) {
	entries, err := os.ReadDir(coverage)
	if err != nil {
		return
	}
	for _, entry := range entries {
		_ = os.Rename(filepath.Join(coverage, entry.Name()), filepath.Join(os.Getenv("GOCOVERDIR"), entry.Name()))
	}
}

// placed links a file, or copies it where another file system is asked for.
func placed(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o755)
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// cleaned removes what a start left, directories with it.
func cleaned() error {
	keep := map[string]bool{"/": true, "/oracle": true, outputPath: true, "/coverage": true}
	for path := range baseline {
		for at := path; at != "/"; at = filepath.Dir(at) {
			keep[at] = true
		}
	}
	var left []string
	err := filepath.WalkDir("/", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == "/coverage":
			return fs.SkipDir
		case keep[path]:
			return nil
		}
		left = append(left, path)
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return err
}
