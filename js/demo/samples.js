// Nodes of the common kinds, in our own words: what their tools leave behind, cut down to what is of interest.

/**
 * @typedef {{
 *   name: string, title: string, text: string, args?: string, version?: string, benchmark?: string,
 *   dropIns?: { name: string, text: string }[],
 * }} Sample
 */

/** @type {Sample[]} */
export const samples = [
  {
    name: "kubeadm",
    title: "kubeadm: nothing said of rotation",
    text: `# Left by kubeadm: no certificate from the API server, no gate.
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`,
  },
  {
    name: "aks",
    title: "AKS: the two verdicts disagree",
    benchmark: "cis-aks-1.7",
    text: `{
  "kind": "KubeletConfiguration",
  "apiVersion": "kubelet.config.k8s.io/v1beta1",
  "readOnlyPort": 0,
  "tlsCertFile": "/etc/kubernetes/certs/kubeletserver.crt",
  "tlsPrivateKeyFile": "/etc/kubernetes/certs/kubeletserver.key",
  "rotateCertificates": true,
  "serverTLSBootstrap": false,
  "authentication": {
    "anonymous": { "enabled": false },
    "webhook": { "enabled": true },
    "x509": { "clientCAFile": "/etc/kubernetes/certs/ca.crt" }
  },
  "authorization": { "mode": "Webhook" },
  "clusterDomain": "cluster.local",
  "clusterDNS": ["10.0.0.10"],
  "eventRecordQPS": 0,
  "protectKernelDefaults": true,
  "makeIPTablesUtilChains": true,
  "streamingConnectionIdleTimeout": "4h0m0s",
  "featureGates": {
    "RotateKubeletServerCertificate": true
  }
}
`,
  },
  {
    name: "eks",
    title: "EKS: a base file and a drop-in",
    benchmark: "cis-eks-1.7",
    version: "1.34",
    text: `{
  "kind": "KubeletConfiguration",
  "apiVersion": "kubelet.config.k8s.io/v1beta1",
  "authentication": {
    "anonymous": { "enabled": false },
    "webhook": { "enabled": true, "cacheTTL": "2m0s" },
    "x509": { "clientCAFile": "/etc/kubernetes/pki/ca.crt" }
  },
  "authorization": { "mode": "Webhook" },
  "cgroupDriver": "systemd",
  "clusterDomain": "cluster.local",
  "hairpinMode": "hairpin-veth",
  "protectKernelDefaults": true,
  "readOnlyPort": 0,
  "serializeImagePulls": false,
  "serverTLSBootstrap": true,
  "featureGates": {
    "RotateKubeletServerCertificate": true
  }
}
`,
    dropIns: [
      {
        name: "40-node.conf",
        text: `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
clusterDNS:
- 172.20.0.10
maxPods: 58
`,
      },
    ],
    args: "kubelet --config=/etc/kubernetes/kubelet/config.json --config-dir=/etc/kubernetes/kubelet/config.json.d --kubeconfig=/var/lib/kubelet/kubeconfig",
  },
  {
    name: "hardened",
    title: "Hardened: hardly anything left to do",
    text: `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
eventRecordQPS: 50
makeIPTablesUtilChains: true
podPidsLimit: 4096
protectKernelDefaults: true
readOnlyPort: 0
rotateCertificates: true
seccompDefault: true
serverTLSBootstrap: true
streamingConnectionIdleTimeout: 1h0m0s
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
featureGates:
  RotateKubeletServerCertificate: true
`,
  },
  {
    name: "broken",
    title: "Broken: a boolean in quotes",
    text: `# true in quotes is a text. The kubelet refuses the whole file over it.
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authorization:
  mode: Webhook
serverTLSBootstrap: true
featureGates:
  RotateKubeletServerCertificate: "true"
`,
  },
];
