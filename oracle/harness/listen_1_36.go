//go:build from1_36

package main

import (
	"crypto/tls"

	"k8s.io/kubernetes/pkg/kubelet/server"
)

// served gives what ListenAndServeTLS is called with: from 1.36 a certificate manager reads the files.
func served(options *server.TLSOptions) (settings *tls.Config, certificate, key string) {
	return &tls.Config{
		MinVersion:       options.MinVersion,
		CipherSuites:     options.CipherSuites,
		CurvePreferences: options.CurvePreferences,
	}, "", ""
}
