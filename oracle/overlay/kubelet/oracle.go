package kubelet

import kubeletconfiginternal "k8s.io/kubernetes/pkg/kubelet/apis/config"

// OracleRest judges what NewMainKubelet would go on to make. It always ends NewMainKubelet, by an
// error of its own where nothing refuses.
var OracleRest func(*kubeletconfiginternal.KubeletConfiguration, *Dependencies) error
