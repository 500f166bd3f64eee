//go:build !from1_36

package main

import (
	"crypto/tls"

	"k8s.io/kubernetes/pkg/kubelet/server"
)

// served gives what ListenAndServeTLS is called with.
func served(options *server.TLSOptions) (settings *tls.Config, certificate, key string) {
	return options.Config.Clone(), options.CertFile, options.KeyFile
}
