import { readFileSync } from "node:fs";
import { audit } from "kubelet-audit";

const text = readFileSync("node.json", "utf8");
const dropIn = readFileSync("10-rotation.conf", "utf8");

// #region
const { targets } = audit({
  config: text, // the config file, or what /configz answered; JSON or YAML
  dropIns: [{ name: "10-rotation.conf", text: dropIn }],
  args: "--feature-gates=RotateKubeletServerCertificate=true --config=/etc/kubernetes/kubelet.json",
  kubeletVersion: "1.33",
  benchmark: "cis-1.10", // or "auto", "strict"; listBenchmarks() has them all
  node: "aks-system-0",
});
// #endregion

const [{ node, kubelet, errors }] = targets;
console.log(node, kubelet?.version, kubelet?.layers.join(), errors.length);
