// #region
import { explain, listBenchmarks, listControls } from "kubelet-audit/controls";

for (const { control, severity, title } of listControls()) console.log(control, severity, title);
console.log(explain("read-only-port")?.remediation);
for (const { id, platform } of listBenchmarks()) if (platform === "aks") console.log(id);
// #endregion
