package main

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"sort"
	"strings"
)

// states are what a field's documentation can say of it, and the words that say so.
var states = []struct{ state, words string }{
	{"no effect", "no longer has any effect"},
	{"no effect", "has no effect"},
	{"deprecated", "deprecated"},
}

// docStates writes what the release's types.go says of its fields' state, as a Go file of the
// harness; a field that it says nothing of is not in there.
func docStates(types, out string) error {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, types, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	found := map[string]string{}
	ast.Inspect(tree, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if structure, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range structure.Fields.List {
				if state := stateOf(field.Doc.Text()); state != "" && len(field.Names) == 1 {
					found[spec.Name.Name+"."+field.Names[0].Name] = state
				}
			}
		}
		return false
	})
	var text strings.Builder
	text.WriteString("package main\n\nvar docStates = map[string]string{\n")
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&text, "%q: %q,\n", name, found[name])
	}
	text.WriteString("}\n")
	formatted, err := format.Source([]byte(text.String()))
	if err != nil {
		return err
	}
	return os.WriteFile(out, formatted, 0o644)
}

func stateOf(doc string) string {
	doc = strings.ToLower(strings.Join(strings.Fields(doc), " "))
	for _, each := range states {
		if strings.Contains(doc, each.words) {
			return each.state
		}
	}
	return ""
}
