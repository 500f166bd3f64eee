package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"

	"k8s.io/kubelet/config/v1beta1"
	"k8s.io/kubernetes/pkg/kubelet"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/apis/config/scheme"
)

var errNoListener = errors.New("the oracle accepts no connection")

type noListener struct{}

func (noListener) Accept() (net.Conn, error) { return nil, errNoListener }
func (noListener) Close() error              { return nil }
func (noListener) Addr() net.Addr            { return &net.TCPAddr{} }

// listen serves TLS as ListenAndServeKubeletServer does (pkg/kubelet/server/server.go), on a listener
// that accepts nothing: certificate files and HTTP/2 cipher suites are judged, the port is not. The
// kubelet exits there, though its start-up was done.
func (s *start) listen(config *kubeletconfig.KubeletConfiguration, dependencies *kubelet.Dependencies) error {
	if !config.EnableServer || dependencies.TLSOptions == nil {
		return nil
	}
	s.stage = "listen"
	settings, certificate, key := served(dependencies.TLSOptions)
	if certificate == "" && key == "" && settings.GetCertificate == nil {
		settings.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errNoListener }
	}
	server := &http.Server{TLSConfig: settings}
	if err := server.ServeTLS(noListener{}, certificate, key); !errors.Is(err, errNoListener) {
		return err
	}
	s.stage = "start-up"
	return nil
}

// shownAs gives the configuration as v1beta1, as /configz does.
func shownAs(config *kubeletconfig.KubeletConfiguration) (*v1beta1.KubeletConfiguration, error) {
	known, _, err := scheme.NewSchemeAndCodecs()
	if err != nil {
		return nil, err
	}
	out := &v1beta1.KubeletConfiguration{}
	return out, known.Convert(config, out, nil)
}
