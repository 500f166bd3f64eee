// #region
import { audit, init } from "kubelet-audit";

const ready = init();
self.addEventListener("message", async ({ data }) => {
  await ready;
  self.postMessage(audit(data));
});
// #endregion
