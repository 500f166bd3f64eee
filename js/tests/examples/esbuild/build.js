// #region
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({ entryPoints: ["main.js", "worker.js"], bundle: true, format: "esm", outdir: "dist" });
const wasm = fileURLToPath(import.meta.resolve("kubelet-audit/kubelet_audit.wasm"));
copyFileSync(wasm, "dist/kubelet_audit_bg.wasm");
// #endregion
