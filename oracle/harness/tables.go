package main

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"

	"github.com/spf13/pflag"
	"k8s.io/kubelet/config/v1beta1"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

type flagRow struct {
	Type       string `json:"type"`
	Default    string `json:"default"`
	Shorthand  string `json:"shorthand,omitempty"`
	Optional   string `json:"valueIfAlone,omitempty"`
	Field      string `json:"field,omitempty"`
	InFile     bool   `json:"inFile,omitempty"` // its value is a field of the configuration
	Deprecated bool   `json:"deprecated,omitempty"`
	Hidden     bool   `json:"hidden,omitempty"`
	Notice     string `json:"notice,omitempty"`
}

type fieldRow struct {
	Type    string `json:"type"`
	GoName  string `json:"goName"`
	Doc     string `json:"doc,omitempty"` // what its documentation says of its state
	Omits   bool   `json:"omitempty,omitempty"`
	Pointer bool   `json:"pointer,omitempty"`
}

type gateRow struct {
	Stage   string `json:"stage"`
	Default bool   `json:"default"`
	Locked  bool   `json:"lockToDefault,omitempty"`
}

type allTables struct {
	Version string              `json:"version"`
	Fields  map[string]fieldRow `json:"fields"`
	Flags   map[string]flagRow  `json:"flags"`
	Gates   map[string]gateRow  `json:"gates"`
}

// tables writes what this minor's kubelet registers. The defaults are of the kubelet's own start.
func tables(out io.Writer) error {
	rows := allTables{Version: release, Fields: map[string]fieldRow{}, Flags: flagRows(), Gates: map[string]gateRow{}}
	for name, spec := range pristine.GetAll() {
		stage := string(spec.PreRelease)
		if stage == "" {
			stage = "GA"
		}
		rows.Gates[string(name)] = gateRow{stage, spec.Default, spec.LockToDefault}
	}
	addFields(rows.Fields, "", reflect.TypeOf(v1beta1.KubeletConfiguration{}))
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(rows)
}

func flagRows() map[string]flagRow {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	config, err := options.NewKubeletConfiguration()
	if err != nil {
		panic(err)
	}
	options.NewKubeletFlags().AddFlags(set)
	options.AddKubeletConfigFlags(set, config)
	options.AddGlobalFlags(set)
	set.BoolP("help", "h", false, "") // as NewKubeletCommand adds it
	inFile := pflag.NewFlagSet("", pflag.ContinueOnError)
	options.AddKubeletConfigFlags(inFile, new(kubeletconfig.KubeletConfiguration))
	rows := map[string]flagRow{}
	set.VisitAll(func(known *pflag.Flag) {
		rows[known.Name] = flagRow{
			Type:       known.Value.Type(),
			Default:    known.DefValue,
			Shorthand:  known.Shorthand,
			Optional:   known.NoOptDefVal,
			Field:      fieldOf(known.Name),
			InFile:     inFile.Lookup(known.Name) != nil,
			Deprecated: known.Deprecated != "",
			Hidden:     known.Hidden,
			Notice:     notice(known.Deprecated),
		}
	})
	return rows
}

// notice leaves out the text that every flag with a field of the configuration has.
func notice(text string) string {
	if strings.HasPrefix(text, "This parameter should be set via the config file") {
		return ""
	}
	return text
}

// fieldOf finds the field that a flag sets, by setting it.
func fieldOf(name string) string {
	for _, value := range []string{"false", "true", "7", "7s", "10.1.2.3", "a=b", "VersionTLS13", "10.1.2.0/24", "a=1Gi", "memory.available<7Mi", "0:memory=1Gi", "key=v:NoSchedule", "x", "x:y"} {
		before, _ := options.NewKubeletConfiguration()
		after := before.DeepCopy()
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		options.AddKubeletConfigFlags(set, after)
		set.SetOutput(io.Discard) // Set prints that a flag is deprecated
		if set.Lookup(name) == nil {
			return ""
		}
		if set.Set(name, value) != nil {
			continue
		}
		if path := difference(before, after); path != "" {
			return path
		}
	}
	return ""
}

func difference(before, after *kubeletconfig.KubeletConfiguration) string {
	one, err := shownAs(before)
	if err != nil {
		return ""
	}
	other, err := shownAs(after)
	if err != nil {
		return ""
	}
	return firstDifference("", whole(reflect.ValueOf(one).Elem()), whole(reflect.ValueOf(other).Elem()))
}

func firstDifference(path string, one, other any) string {
	first, isMap := one.(map[string]any)
	second, isOther := other.(map[string]any)
	if !isMap && !isOther || strings.HasSuffix(path, "Gates") || strings.HasSuffix(path, "Reserved") {
		if reflect.DeepEqual(one, other) {
			return ""
		}
		return path
	}
	if !isMap || !isOther {
		return path
	}
	names := map[string]bool{}
	for name := range first {
		names[name] = true
	}
	for name := range second {
		names[name] = true
	}
	for _, name := range sorted(names) {
		if found := firstDifference(joined(path, name), first[name], second[name]); found != "" {
			return found
		}
	}
	return ""
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

var marshaler = reflect.TypeOf((*json.Marshaler)(nil)).Elem()

// isNested says whether a field is an object whose fields have rows of their own.
func isNested(of reflect.Type) bool {
	if of.Kind() != reflect.Struct || of.Implements(marshaler) || reflect.PointerTo(of).Implements(marshaler) {
		return false
	}
	for _, path := range []string{"config/v1beta1", "component-base/logs/api", "component-base/tracing/api"} {
		if strings.Contains(of.PkgPath(), path) {
			return true
		}
	}
	return false
}

func addFields(rows map[string]fieldRow, path string, kind reflect.Type) {
	for i := 0; i < kind.NumField(); i++ {
		inner := kind.Field(i)
		tag := strings.Split(inner.Tag.Get("json"), ",")
		of := inner.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		at := joined(path, tag[0])
		switch {
		case tag[0] == "-" || of.Name() == "TypeMeta":
		case tag[0] == "":
			addFields(rows, path, of)
		case isNested(of):
			addFields(rows, at, of)
		default:
			rows[at] = fieldRow{
				Type:    strings.TrimPrefix(inner.Type.String(), "*"),
				GoName:  inner.Name,
				Doc:     docStates[kind.Name()+"."+inner.Name],
				Omits:   strings.Contains(inner.Tag.Get("json"), ",omitempty"),
				Pointer: inner.Type.Kind() == reflect.Pointer,
			}
		}
	}
}
