package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
	"k8s.io/component-base/featuregate"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

// An input is a kubelet's configuration.
type input struct {
	ID      string      `json:"id"`
	Config  *string     `json:"config"`
	DropIns [][2]string `json:"dropIns"` // names and texts; null: no --config-dir
	Args    []string    `json:"args"`
	Full    bool        `json:"full"`   // the arguments are the whole command line
	Strict  bool        `json:"strict"` // a named file that is not there is missing
	Gates   bool        `json:"gates"`  // answer with every gate, not only those off their default
}

// An answer is what the kubelet makes of it.
type answer struct {
	ID     string `json:"id"`
	Starts bool   `json:"starts"`
	Stage  string `json:"stage,omitempty"` // where it stops
	Error  string `json:"error,omitempty"`
	Exit   *int   `json:"exit,omitempty"` // it ends by os.Exit, as for --help
	Panics bool   `json:"panics,omitempty"`
	Died   bool   `json:"died,omitempty"`
	// Strict decoding of the main file failed and it went on.
	Lenient bool            `json:"lenient,omitempty"`
	Config  any             `json:"config,omitempty"`
	Flags   map[string]any  `json:"flags,omitempty"` // settings that are flags alone, off their default
	Gates   map[string]bool `json:"gates,omitempty"`
	Created []string        `json:"created,omitempty"` // named files that had to be there
	Warn    []string        `json:"warnings,omitempty"`
}

func work(in io.Reader, out io.Writer) error {
	output, err := os.OpenFile(outputPath, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	reader := bufio.NewReaderSize(in, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	// The kubelet prints to these; the answers go to the real one.
	os.Stdout, os.Stderr = output, output
	var previous *start
	for {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var input input
		if err := json.Unmarshal(line, &input); err != nil {
			return err
		}
		var answer answer
		answer, previous, err = answered(input, previous, output)
		if err != nil {
			return err
		}
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
}

// answered starts the kubelet, again where a file that a setting names is not there.
func answered(input input, previous *start, output *os.File) (answer, *start, error) {
	var created []string
	for {
		if err := prepared(input, created); err != nil {
			return answer{}, previous, err
		}
		if err := output.Truncate(0); err != nil {
			return answer{}, previous, err
		}
		reset(previous)
		previous = run(commandLine(input))
		path := missing(previous)
		if input.Strict || path == "" || len(created) == 8 || contains(created, path) {
			answer := told(input, previous, printed())
			answer.Created = created
			return answer, previous, nil
		}
		created = append(created, path)
	}
}

func contains(texts []string, text string) bool {
	for _, each := range texts {
		if each == text {
			return true
		}
	}
	return false
}

func prepared(input input, created []string) error {
	if err := cleaned(); err != nil {
		return err
	}
	if input.Config != nil {
		if err := write(configPath, *input.Config); err != nil {
			return err
		}
	}
	if input.DropIns != nil {
		if err := os.MkdirAll(dropInPath, 0o755); err != nil {
			return err
		}
	}
	for _, dropIn := range input.DropIns {
		if err := write(filepath.Join(dropInPath, dropIn[0]), dropIn[1]); err != nil {
			return err
		}
	}
	for _, path := range created {
		if err := write(path, certificatePEM+keyPEM); err != nil {
			return err
		}
	}
	return nil
}

// commandLine gives the whole line: what a caller that tells only further arguments leaves out is
// the file's and the API server's path.
func commandLine(input input) []string {
	if input.Full {
		return input.Args
	}
	var args []string
	if input.Config != nil {
		args = append(args, "--config="+configPath)
	}
	if input.DropIns != nil {
		args = append(args, "--config-dir="+dropInPath)
	}
	args = append(args, "--kubeconfig="+kubeconfigPath)
	if minor <= 26 {
		args = append(args, "--container-runtime-endpoint=unix:///run/containerd/containerd.sock")
	}
	return append(args, input.Args...)
}

var noSuchFile = regexp.MustCompile(`(?:open|stat|lstat) (/[^:\n]*): no such file or directory`)

// missing gives the file that a start from "tls" on did not find.
func missing(s *start) string {
	if s.err == nil || s.panics {
		return ""
	}
	switch s.stage {
	case "tls", "authorization", "start-up", "listen":
		if found := noSuchFile.FindStringSubmatch(s.err.Error()); found != nil {
			return found[1]
		}
	}
	return ""
}

func printed() string {
	text, _ := os.ReadFile(outputPath)
	return string(text)
}

const lenientLine = "Using lenient decoding as strict decoding failed"

func told(input input, s *start, printed string) answer {
	out := answer{
		ID:      input.ID,
		Starts:  s.passed,
		Panics:  s.panics,
		Lenient: strings.Contains(printed, lenientLine),
		Warn:    warnings(printed),
	}
	if !s.passed {
		out.Stage = s.stage
	}
	if s.err != nil {
		out.Error = shortened(s.err.Error())
	}
	if s.exit != nil {
		out.Exit = &s.exit.code
	}
	if s.exit == nil && readFar(s) {
		if shown, err := shownAs(s.server()); err == nil {
			config := fields(reflect.ValueOf(shown).Elem())
			delete(config, "kind")
			delete(config, "apiVersion")
			out.Config = config
		}
		out.Flags = flagsOnly(s)
	}
	if !s.panics && s.exit == nil {
		out.Gates = gatesOff(input.Gates)
	}
	return out
}

// readFar says whether the configuration was read whole.
func readFar(s *start) bool {
	if s.panics {
		return false
	}
	switch s.stage {
	case "logging", "validation", "tls", "authorization", "start-up", "listen":
		return true
	}
	return false
}

// shortened leaves out the dump of the whole configuration that a validation error ends with.
func shortened(text string) string {
	if at := strings.Index(text, ", path: &TypeMeta"); at >= 0 {
		return text[:at]
	}
	if len(text) > 2000 {
		return text[:2000]
	}
	return text
}

func flagsOnly(s *start) map[string]any {
	inFile := pflag.NewFlagSet("", pflag.ContinueOnError)
	options.AddKubeletConfigFlags(inFile, new(kubeletconfig.KubeletConfiguration))
	out := map[string]any{}
	s.set.VisitAll(func(known *pflag.Flag) {
		if inFile.Lookup(known.Name) == nil && known.Changed && known.Name != "config" && known.Name != "config-dir" {
			out[known.Name] = known.Value.String()
		}
	})
	return out
}

func gatesOff(all bool) map[string]bool {
	if all {
		return gates()
	}
	out := gatesSet()
	for name, value := range out {
		if spec, known := gateDefaults[featuregate.Feature(name)]; known && spec.Default == value {
			delete(out, name)
		}
	}
	return out
}

var (
	klogHeader = regexp.MustCompile(`^[WE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ([^\]]*)\] (.*)`)
	jsonTime   = regexp.MustCompile(`"ts":[0-9.e+]+,`)
)

// warnings gives the lines of warnings and errors, without their times, and pflag's lines about
// deprecated flags.
func warnings(printed string) []string {
	var out []string
	for _, line := range strings.Split(printed, "\n") {
		switch found := klogHeader.FindStringSubmatch(line); {
		case found != nil:
			out = append(out, shortened(found[2]))
		case strings.HasPrefix(line, "Flag --"):
			out = append(out, line)
		case strings.HasPrefix(line, "{") && (strings.Contains(line, `"level":"error"`) || strings.Contains(line, `"err":`)):
			out = append(out, shortened(jsonTime.ReplaceAllString(line, "")))
		}
	}
	return out
}
