const show = (report) => {
  document.documentElement.dataset.ready = report.schemaVersion;
};

// #region
import { audit, init } from "kubelet-audit";
import wasm from "kubelet-audit/kubelet_audit.wasm?url"; // Vite's way to have a file's address

await init(wasm);
show(audit("kind: KubeletConfiguration"));
// #endregion
