// #region
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({ entryPoints: ["main.js", "worker.js"], bundle: true, format: "esm", outdir: "dist" });
for (const name of ["kubelet_audit", "kubelet_audit_full"]) {
  const wasm = fileURLToPath(import.meta.resolve(`kubelet-audit/${name}.wasm`));
  copyFileSync(wasm, `dist/${name}_bg.wasm`);
}
// #endregion
