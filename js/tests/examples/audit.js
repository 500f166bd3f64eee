// #region
import { audit } from "kubelet-audit"; // require("kubelet-audit") works too

const report = audit(`{
  "kind": "KubeletConfiguration",
  "apiVersion": "kubelet.config.k8s.io/v1beta1",
  "serverTLSBootstrap": false,
  "featureGates": { "RotateKubeletServerCertificate": true }
}`);

for (const { findings } of report.targets) {
  for (const { benchmark, effective, message } of findings) {
    console.log(benchmark.number, benchmark.verdict, effective.verdict, message);
  }
}
// #endregion
