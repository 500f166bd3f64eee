package main

import (
	"context"
	"fmt"
	"reflect"

	"k8s.io/klog/v2"
)

// call calls a function of the release whose signature differs between minors: contexts and loggers
// are given where it takes them, every other parameter gets the first value left of a type that
// fits, and a nil where none does and a nil can be. It returns the function's results.
//
// A build is tried against inputs that reach each call, so a signature that no longer fits shows.
func call(function any, values ...any) []reflect.Value {
	value := reflect.ValueOf(function)
	kind := value.Type()
	in := make([]reflect.Value, kind.NumIn())
	for i := range in {
		in[i] = argument(kind.In(i), &values)
	}
	return value.Call(in)
}

func argument(kind reflect.Type, values *[]any) reflect.Value {
	switch {
	case kind == reflect.TypeOf((*context.Context)(nil)).Elem():
		return reflect.ValueOf(context.Background())
	case kind == reflect.TypeOf(klog.Logger{}):
		return reflect.ValueOf(klog.Background())
	}
	for i, value := range *values {
		if value != nil && reflect.TypeOf(value).AssignableTo(kind) {
			*values = append(append([]any{}, (*values)[:i]...), (*values)[i+1:]...)
			return reflect.ValueOf(value)
		}
	}
	switch kind.Kind() {
	case reflect.Interface, reflect.Func, reflect.Pointer, reflect.Map, reflect.Slice:
		return reflect.Zero(kind)
	}
	panic(fmt.Sprintf("the harness has no %v for a call", kind))
}

// fails gives a call's last result, which is an error.
func fails(results []reflect.Value) error {
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

// field gives a field of a struct under the first of these names that it has.
func field(of any, names ...string) any {
	value := reflect.Indirect(reflect.ValueOf(of))
	for _, name := range names {
		if found := value.FieldByName(name); found.IsValid() {
			return found.Interface()
		}
	}
	return nil
}
