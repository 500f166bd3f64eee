//go:build from1_33

package main

import (
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/images/pullmanager"
)

// pullPolicy does what NewKubeGenericRuntimeManager does where the gate is on.
func pullPolicy(config *kubeletconfig.KubeletConfiguration) error {
	if !isEnabled("KubeletEnsureSecretPulledImages") {
		return nil
	}
	_, err := pullmanager.NewImagePullCredentialVerificationPolicy(
		kubeletconfig.ImagePullCredentialsVerificationPolicy(config.ImagePullCredentialsVerificationPolicy),
		config.PreloadedImagesVerificationAllowlist)
	return err
}
