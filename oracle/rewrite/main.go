// Command rewrite marks the stages of a release's start-up in its own source.
//
// It reads files of a vendored k8s.io/kubernetes and writes changed ones for `go build -overlay`;
// nothing of them is kept in this repository. It uses the standard library alone, so that it runs
// before a release's modules are there.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	kubernetes := flag.String("kubernetes", "", "the vendored k8s.io/kubernetes")
	overlay := flag.String("overlay", "", "directory of our own files for its packages")
	out := flag.String("out", "", "directory for the changed files and overlay.json")
	docs := flag.String("docs", "", "the file for what the types' documentation says")
	minor := flag.Int("minor", 0, "the release's minor")
	flag.Parse()
	types := filepath.Join(filepath.Dir(*kubernetes), "kubelet/config/v1beta1/types.go")
	if err := docStates(types, *docs); err != nil {
		fmt.Fprintln(os.Stderr, "rewrite:", err)
		os.Exit(1)
	}
	if err := run(*kubernetes, *overlay, *out, *minor); err != nil {
		fmt.Fprintln(os.Stderr, "rewrite:", err)
		os.Exit(1)
	}
}

func run(kubernetes, overlay, out string, minor int) error {
	replace := map[string]string{}
	for _, file := range files {
		path := filepath.Join(kubernetes, file.path)
		text, err := changed(path, file, minor)
		if err != nil {
			return fmt.Errorf("%s at 1.%d: %w", file.path, minor, err)
		}
		to := filepath.Join(out, strings.ReplaceAll(file.path, "/", "_"))
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return err
		}
		replace[path] = to
	}
	for name, directory := range packages(kubernetes) {
		ours := filepath.Join(overlay, name, "oracle.go")
		replace[filepath.Join(directory, "zz_oracle.go")] = ours
	}
	text, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "overlay.json"), text, 0o644)
}

// packages gives the directories of the packages that get a file of ours.
func packages(kubernetes string) map[string]string {
	vendor := filepath.Dir(filepath.Dir(kubernetes))
	cgroups := filepath.Join(vendor, "github.com/opencontainers/cgroups")
	if _, err := os.Stat(cgroups); err != nil { // up to 1.32
		cgroups = filepath.Join(vendor, "github.com/opencontainers/runc/libcontainer/cgroups")
	}
	return map[string]string{
		"app":     filepath.Join(kubernetes, "cmd/kubelet/app"),
		"kubelet": filepath.Join(kubernetes, "pkg/kubelet"),
		"cm":      filepath.Join(kubernetes, "pkg/kubelet/cm"),
		"cgroups": cgroups,
	}
}

// An edit replaces the text between two offsets.
type edit struct {
	from, to int
	text     string
}

func changed(path string, file file, minor int) ([]byte, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, path, source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	functions := map[string]*ast.FuncDecl{}
	for _, declaration := range tree.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil {
			functions[function.Name.Name] = function
		}
	}
	offset := func(at token.Pos) int { return set.Position(at).Offset }
	var edits []edit
	for _, rule := range file.rules {
		if minor < rule.from || rule.to != 0 && minor > rule.to {
			continue
		}
		before := len(edits)
		inspectCalls(functions[rule.function], func(call *ast.CallExpr) {
			if written(set, call.Fun) != rule.callee {
				return
			}
			text := rule.instead
			if rule.stage != "" {
				text = fmt.Sprintf("oracleAt(%q, %s)", rule.stage, rule.callee)
			}
			edits = append(edits, edit{offset(call.Fun.Pos()), offset(call.Fun.End()), text})
		})
		if len(edits) == before {
			return nil, fmt.Errorf("%s no longer calls %s", rule.function, rule.callee)
		}
	}
	for _, insertion := range file.insert {
		at := place(functions[insertion.function], insertion.before)
		if !at.IsValid() {
			return nil, fmt.Errorf("%s has no place before %q", insertion.function, insertion.before)
		}
		// On the same line, so that a line in a profile of coverage is the release's own.
		edits = append(edits, edit{offset(at), offset(at), insertion.text + "; "})
	}
	for _, restated := range file.restated {
		if minor < restated.from || restated.to != 0 && minor > restated.to {
			continue
		}
		if !holds(functions[restated.function], restated.text) {
			return nil, fmt.Errorf("%s no longer holds %q, which the harness restates", restated.function, restated.text)
		}
	}
	return withImportsUsed(tree, apply(source, edits)), nil
}

func inspectCalls(function *ast.FuncDecl, found func(*ast.CallExpr)) {
	if function == nil {
		return
	}
	ast.Inspect(function, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			found(call)
		}
		return true
	})
}

// place gives where a statement goes: before a variable's declaration, or first in RunE.
func place(function *ast.FuncDecl, variable string) token.Pos {
	at := token.NoPos
	if function == nil {
		return at
	}
	ast.Inspect(function, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.KeyValueExpr:
			literal, isFunction := node.Value.(*ast.FuncLit)
			if key, ok := node.Key.(*ast.Ident); ok && isFunction && key.Name == "RunE" && variable == "" {
				at = literal.Body.Lbrace + 1
			}
		case *ast.GenDecl:
			for _, spec := range node.Specs {
				value, ok := spec.(*ast.ValueSpec)
				if ok && variable != "" && value.Names[0].Name == variable && !at.IsValid() {
					at = node.Pos()
				}
			}
		}
		return true
	})
	return at
}

func holds(function *ast.FuncDecl, text string) bool {
	found := false
	if function != nil {
		ast.Inspect(function, func(node ast.Node) bool {
			literal, ok := node.(*ast.BasicLit)
			found = found || ok && literal.Kind == token.STRING && strings.Contains(literal.Value, text)
			return true
		})
	}
	return found
}

func written(set *token.FileSet, node ast.Node) string {
	var text bytes.Buffer
	if err := printer.Fprint(&text, set, node); err != nil {
		return ""
	}
	return text.String()
}

func apply(source []byte, edits []edit) []byte {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	var out bytes.Buffer
	at := 0
	for _, edit := range edits {
		out.Write(source[at:edit.from])
		out.WriteString(edit.text)
		at = edit.to
	}
	out.Write(source[at:])
	return out.Bytes()
}

// withImportsUsed removes imports of which our changes took away the last use.
func withImportsUsed(before *ast.File, source []byte) []byte {
	set := token.NewFileSet()
	after, err := parser.ParseFile(set, "", source, parser.ParseComments)
	if err != nil {
		return source // the compiler says it better
	}
	was, is := packagesUsed(before), packagesUsed(after)
	var edits []edit
	for _, spec := range after.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		name := filepath.Base(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if was[name] && !is[name] {
			edits = append(edits, edit{set.Position(spec.Pos()).Offset, set.Position(spec.Pos()).Offset, "_ "})
			if spec.Name != nil {
				edits[len(edits)-1] = edit{set.Position(spec.Name.Pos()).Offset, set.Position(spec.Name.End()).Offset, "_"}
			}
		}
	}
	return apply(source, edits)
}

func packagesUsed(tree *ast.File) map[string]bool {
	used := map[string]bool{}
	ast.Inspect(tree, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if name, ok := selector.X.(*ast.Ident); ok {
				used[name.Name] = true
			}
		}
		return true
	})
	return used
}
