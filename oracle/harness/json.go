package main

import (
	"encoding/json"
	"reflect"
	"strings"
)

// whole gives a value as JSON would show it, but with every field, zero or not: a nil pointer, map
// or list is left out, because the kubelet tells it from an empty one.
func whole(value reflect.Value) any {
	if value.Kind() == reflect.Pointer && value.IsNil() {
		return nil
	}
	if value.CanInterface() {
		if marshaler, ok := value.Interface().(json.Marshaler); ok {
			return marshaled(marshaler)
		}
	}
	if value.CanAddr() {
		if marshaler, ok := value.Addr().Interface().(json.Marshaler); ok {
			return marshaled(marshaler)
		}
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return nil
		}
		return whole(value.Elem())
	case reflect.Struct:
		return fields(value)
	case reflect.Slice:
		if value.IsNil() {
			return nil
		}
		out := make([]any, value.Len())
		for i := range out {
			out[i] = whole(value.Index(i))
		}
		return out
	case reflect.Map:
		if value.IsNil() {
			return nil
		}
		out := map[string]any{}
		for _, key := range value.MapKeys() {
			out[key.String()] = whole(value.MapIndex(key))
		}
		return out
	}
	return value.Interface()
}

func fields(value reflect.Value) map[string]any {
	out := map[string]any{}
	for i := 0; i < value.NumField(); i++ {
		tag := strings.Split(value.Type().Field(i).Tag.Get("json"), ",")
		switch {
		case tag[0] == "-":
		case tag[0] == "" && value.Type().Field(i).Anonymous:
			for name, inner := range fields(value.Field(i)) {
				out[name] = inner
			}
		default:
			if inner := whole(value.Field(i)); inner != nil {
				out[tag[0]] = inner
			}
		}
	}
	return out
}

func marshaled(value json.Marshaler) any {
	text, err := value.MarshalJSON()
	if err != nil {
		return "cannot be shown: " + err.Error()
	}
	var out any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&out); err != nil {
		return "cannot be shown: " + err.Error()
	}
	return out
}
