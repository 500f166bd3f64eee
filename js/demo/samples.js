// Nodes of the common kinds, in our own words: what their tools leave behind, cut down to what is of interest.

/**
 * @typedef {{
 *   name: string, title: string, text: string, args?: string, version?: string,
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
    text: `{
  "kind": "KubeletConfiguration",
  "apiVersion": "kubelet.config.k8s.io/v1beta1",
  "staticPodPath": "/etc/kubernetes/manifests",
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
  "featureGates": {
    "RotateKubeletServerCertificate": true
  }
}
`,
  },
  {
    name: "eks",
    title: "EKS: a base file and a drop-in",
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
    title: "Hardened: both verdicts are good",
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
protectKernelDefaults: true
rotateCertificates: true
serverTLSBootstrap: true
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
