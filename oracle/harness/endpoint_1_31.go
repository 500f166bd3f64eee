//go:build from1_31

package main

import "k8s.io/cri-client/pkg/util"

func checkEndpoint(endpoint string) error {
	_, _, err := util.GetAddressAndDialer(endpoint)
	return err
}
