const { audit, version } = require("kubelet-audit");

const { targets } = audit({ config: "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n" });
console.log(version, targets.length);
