// Command oracle tells what the kubelet of one minor makes of its configuration, by running the
// kubelet's own start-up. It reads inputs as JSON lines and writes an answer for each.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"time"
)

const (
	// recycleAfter bounds what starts may leave behind in a process, as goroutines.
	recycleAfter = 2000
	// crashed is the code of a process that Go's runtime ended, or a flag set that exits on an error: the
	// kubelet's second parse has one, and refuses a bool of cadvisor's that stands without a value.
	crashed = 2
	// patience is how long a start may take. Making a self-signed certificate takes the most.
	patience = time.Minute
)

// A panic leaves locks and half-made state behind: its process answers no further input.
var panicked = []byte(`"panics":true`)

func main() {
	err := func() error {
		switch {
		case len(os.Args) == 2 && os.Args[1] == "worker":
			return work(os.Stdin, os.Stdout)
		case len(os.Args) == 2 && os.Args[1] == "tables":
			return tables(os.Stdout)
		case len(os.Args) == 1:
			return supervise(os.Stdin, os.Stdout)
		}
		return fmt.Errorf("usage: oracle [tables]; inputs are read as JSON lines")
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// A worker is a process that answers inputs inside the sandbox.
type worker struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	remove  func()
	done    int
}

func started() (*worker, error) {
	command, remove, err := inSandbox("worker")
	if err != nil {
		return nil, err
	}
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		remove()
		return nil, fmt.Errorf("the sandbox needs user namespaces: %w", err)
	}
	return &worker{command, in, bufio.NewReaderSize(out, 1<<20), remove, 0}, nil
}

func (w *worker) answer(line []byte) ([]byte, error) {
	if _, err := w.in.Write(line); err != nil {
		return nil, err
	}
	w.done++
	hangs := time.AfterFunc(patience, func() { _ = w.command.Process.Kill() })
	defer hangs.Stop()
	answer, err := w.out.ReadBytes('\n')
	if bytes.Contains(answer, panicked) {
		w.done = recycleAfter
	}
	return answer, err
}

// stop gives the code that the process ended with, -1 where it was killed.
func (w *worker) stop() int {
	_ = w.in.Close()
	_ = w.command.Wait()
	w.remove()
	return w.command.ProcessState.ExitCode()
}

// supervise hands inputs to workers, asks a fresh one about each hundredth again, and answers
// itself where a worker dies.
func supervise(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriter(out)
	defer writer.Flush()
	var current *worker
	defer func() {
		if current != nil {
			current.stop()
		}
	}()
	for count := 1; ; count++ {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		if line[len(line)-1] != '\n' {
			line = append(line, '\n')
		}
		if current != nil && current.done >= recycleAfter {
			current.stop()
			current = nil
		}
		if current == nil {
			if current, err = started(); err != nil {
				return err
			}
		}
		answer, err := current.answer(line)
		if err != nil {
			answer = died(line, current.stop())
			current = nil
		} else if count%100 == 0 {
			if err := agrees(line, answer); err != nil {
				return err
			}
		}
		if _, err := writer.Write(answer); err != nil {
			return err
		}
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}

func agrees(line, answer []byte) error {
	fresh, err := started()
	if err != nil {
		return err
	}
	defer fresh.stop()
	again, err := fresh.answer(line)
	if err != nil {
		return err
	}
	same, err := isSame(answer, again)
	if err != nil {
		return err
	}
	if !same {
		return fmt.Errorf("a process of its own answers otherwise:\n%s%s%s", line, answer, again)
	}
	return nil
}

// isSame compares answers but for their texts: the kubelet walks maps in an order of chance, so that of
// several errors another can come first.
func isSame(one, other []byte) (bool, error) {
	var answers [2]answer
	for i, text := range [][]byte{one, other} {
		if err := json.Unmarshal(text, &answers[i]); err != nil {
			return false, err
		}
		answers[i].Error, answers[i].Warn = "", nil
	}
	return reflect.DeepEqual(answers[0], answers[1]), nil
}

// died answers for a process that ended: by itself, as for --help=false, where a flag set of the
// kubelet's exits, or because it hung.
func died(line []byte, code int) []byte {
	var input input
	_ = json.Unmarshal(line, &input)
	out := answer{ID: input.ID, Error: "the process hung, crashed or exited with an error", Died: true}
	if code >= 0 && code != crashed {
		out = answer{ID: input.ID, Exit: &code}
	}
	text, _ := json.Marshal(out)
	return append(text, '\n')
}
