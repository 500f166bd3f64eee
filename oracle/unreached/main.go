// Command unreached lists the blocks of a release's functions that a coverage profile counts zero for.
//
// It reads the profile and the release's own source, and writes a JSON line for each block: where it is,
// and which names decide whether it is reached. It uses the standard library alone.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
)

// overlaid is a file of ours in the release's packages.
const overlaid = "zz_oracle.go"

var until = map[string]string{}

// A block is a run of statements that no input reached.
type block struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function"`
	// Asks names what decides: the function whose error is returned, or the names in a condition.
	Asks string `json:"asks"`
	// Error says whether the block returns an error or ends the process.
	Error bool `json:"error"`
	// First says whether no statement of the function was reached.
	First bool `json:"first,omitempty"`
}

// A total counts the statements of a function.
type total struct {
	File     string `json:"file"`
	Function string `json:"function"`
	Reached  int    `json:"reached"`
	All      int    `json:"all"`
}

// A count is one line of a profile.
type count struct {
	from, to          int // lines
	statements, times int
}

func main() {
	profile := flag.String("profile", "", "a coverage profile as text")
	modules := flag.String("modules", "", "the directory of each module, as module=directory, comma-separated")
	flag.Func("until", "function=variable: of this function only what stands before the variable's declaration", func(text string) error {
		function, variable, _ := strings.Cut(text, "=")
		until[function] = variable
		return nil
	})
	flag.Parse()
	if err := run(*profile, strings.Split(*modules, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "unreached:", err)
		os.Exit(1)
	}
}

func run(profile string, modules []string) error {
	counts, err := read(profile)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	sort.Strings(names)
	encoder := json.NewEncoder(os.Stdout)
	for _, name := range names {
		source := ""
		for _, pair := range modules {
			module, directory, _ := strings.Cut(pair, "=")
			if strings.HasPrefix(name, module+"/") {
				source = path.Join(directory, strings.TrimPrefix(name, module))
			}
		}
		if source == "" || path.Base(name) == overlaid {
			continue
		}
		if err := list(name, source, counts[name], encoder); err != nil {
			return err
		}
	}
	return nil
}

// read gives the counts of each file. A line is file:line.column,line.column statements times.
func read(profile string) (map[string][]count, error) {
	file, err := os.Open(profile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	out := map[string][]count{}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		name, rest, ok := strings.Cut(scanner.Text(), ".go:")
		if !ok {
			continue
		}
		var each count
		var column int
		_, err := fmt.Sscanf(rest, "%d.%d,%d.%d %d %d", &each.from, &column, &each.to, &column, &each.statements, &each.times)
		if err != nil {
			return nil, err
		}
		out[name+".go"] = append(out[name+".go"], each)
	}
	return out, scanner.Err()
}

func list(name, source string, counts []count, out *json.Encoder) error {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, source, nil, 0)
	if err != nil {
		return err
	}
	line := func(at token.Pos) int { return set.Position(at).Line }
	for _, declaration := range tree.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		first, last := line(function.Body.Lbrace), line(function.Body.Rbrace)
		if at := declared(function, until[function.Name.Name]); at.IsValid() {
			last = line(at)
		}
		sum := total{File: name, Function: function.Name.Name}
		for _, each := range counts {
			if each.from >= first && each.to <= last {
				sum.All += each.statements
				if each.times > 0 {
					sum.Reached += each.statements
				}
			}
		}
		if err := out.Encode(sum); err != nil {
			return err
		}
		for _, each := range counts {
			if each.times > 0 || each.from < first || each.to > last {
				continue
			}
			found := enclosing(function, each.from, line)
			asks := found.asks(set)
			err := out.Encode(block{
				File:     name,
				Line:     each.from,
				Function: function.Name.Name,
				Asks:     asks,
				Error:    found.fails(each, line),
				First:    sum.Reached == 0,
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// declared gives where a function declares a variable.
func declared(function *ast.FuncDecl, variable string) token.Pos {
	at := token.NoPos
	ast.Inspect(function, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok && spec.Names[0].Name == variable && !at.IsValid() {
			at = spec.Pos()
		}
		return true
	})
	return at
}

// A place is a block of the source with what stands around it, outermost first.
type place struct {
	node    ast.Node
	parents []ast.Node
}

// enclosing gives the innermost block that a line is in; a line that opens a block is in it.
func enclosing(function *ast.FuncDecl, at int, line func(token.Pos) int) place {
	best := place{node: function.Body}
	var parents []ast.Node
	ast.Inspect(function, func(node ast.Node) bool {
		if node == nil {
			parents = parents[:len(parents)-1]
			return true
		}
		switch node := node.(type) {
		case *ast.BlockStmt:
			if line(node.Lbrace) <= at && at < line(node.Rbrace) {
				best = place{node, append([]ast.Node{}, parents...)}
			}
		case *ast.CaseClause:
			if line(node.Colon) <= at && at <= line(node.End()) {
				best = place{node, append([]ast.Node{}, parents...)}
			}
		}
		parents = append(parents, node)
		return true
	})
	return best
}

// fails says whether the statements return an error or end the process.
func (p place) fails(each count, line func(token.Pos) int) bool {
	found := false
	ast.Inspect(p.node, func(node ast.Node) bool {
		if node == nil || line(node.Pos()) > each.to || line(node.End()) < each.from {
			return false
		}
		switch node := node.(type) {
		case *ast.ReturnStmt:
			if size := len(node.Results); size > 0 {
				last, isName := node.Results[size-1].(*ast.Ident)
				_, isLiteral := node.Results[size-1].(*ast.BasicLit)
				isPlain := isName && (last.Name == "nil" || last.Name == "true" || last.Name == "false")
				found = found || !isPlain && !isLiteral
			}
		case *ast.CallExpr:
			if text := written(node.Fun); text == "os.Exit" || text == "panic" || text == "klog.FlushAndExit" {
				found = true
			}
		}
		return true
	})
	return found
}

// asks names what decides whether the block is reached.
func (p place) asks(set *token.FileSet) string {
	for at := len(p.parents) - 1; at >= 0; at-- {
		switch parent := p.parents[at].(type) {
		case *ast.IfStmt:
			if callee := failing(parent, p.before(at, parent)); callee != "" {
				return callee
			}
			return names(parent.Cond)
		case *ast.SwitchStmt:
			if clause, ok := p.node.(*ast.CaseClause); ok && len(clause.List) > 0 {
				return names(clause.List[0])
			}
			if parent.Tag != nil {
				return names(parent.Tag)
			}
			return "switch"
		case *ast.RangeStmt:
			return names(parent.X)
		case *ast.FuncLit:
			return "a function literal"
		}
	}
	return ""
}

// before gives the statement that stands before one.
func (p place) before(at int, statement ast.Stmt) ast.Stmt {
	if at == 0 {
		return nil
	}
	var all []ast.Stmt
	switch block := p.parents[at-1].(type) {
	case *ast.BlockStmt:
		all = block.List
	case *ast.CaseClause:
		all = block.Body
	}
	for i, each := range all {
		if each == statement && i > 0 {
			return all[i-1]
		}
	}
	return nil
}

// failing gives the function whose error an if asks for.
func failing(statement *ast.IfStmt, before ast.Stmt) string {
	condition, ok := statement.Cond.(*ast.BinaryExpr)
	if !ok || condition.Op != token.NEQ || written(condition.Y) != "nil" || !strings.Contains(strings.ToLower(written(condition.X)), "err") {
		return ""
	}
	from := before
	if statement.Init != nil {
		from = statement.Init
	}
	if assigned, ok := from.(*ast.AssignStmt); ok && len(assigned.Rhs) == 1 {
		if call, ok := assigned.Rhs[0].(*ast.CallExpr); ok {
			return written(call.Fun)
		}
	}
	return ""
}

// names gives the names in an expression, each once.
func names(expression ast.Expr) string {
	var out []string
	seen := map[string]bool{}
	ast.Inspect(expression, func(node ast.Node) bool {
		text := ""
		switch node := node.(type) {
		case *ast.SelectorExpr:
			text = written(node)
		case *ast.Ident:
			text = node.Name
		case *ast.BasicLit:
			if node.Kind == token.STRING {
				text, _ = strconv.Unquote(node.Value)
			}
		}
		if text != "" && !seen[text] && text != "nil" {
			seen[text] = true
			out = append(out, text)
		}
		_, isSelector := node.(*ast.SelectorExpr)
		return !isSelector
	})
	return strings.Join(out, " ")
}

func written(node ast.Node) string {
	var text bytes.Buffer
	if err := printer.Fprint(&text, token.NewFileSet(), node); err != nil {
		return ""
	}
	return text.String()
}
