const editor = /** @type {HTMLTextAreaElement} */ (document.querySelector("#config"));
const show = (id, report) => {
  document.getElementById(id).textContent = JSON.stringify(report);
};

// #region page
import { audit, init } from "kubelet-audit";

await init(); // once; fetches kubelet_audit_bg.wasm
editor.addEventListener("input", () => show("here", audit(editor.value)));
// #endregion

const fix = document.querySelector("#fix");

// #region fix
import { applyFixes } from "kubelet-audit";

fix.addEventListener("click", () => {
  editor.value = applyFixes(editor.value, audit(editor.value)).text;
});
// #endregion

// #region start
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.addEventListener("message", ({ data }) => show("in-worker", data));
editor.addEventListener("input", () => worker.postMessage(editor.value));
// #endregion

document.documentElement.dataset.ready = "";
