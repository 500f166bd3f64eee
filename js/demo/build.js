// Makes the page: `npm run build:demo`, after `cargo x build`. It bundles the package as it will be
// published, so what the page shows is what users get.

import { copyFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const out = path("dist");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of ["index.html", "style.css", "icon.svg"]) copyFileSync(path(name), `${out}/${name}`);
// esbuild leaves `new URL(name, import.meta.url)` as it is and copies nothing.
const module = "kubelet_audit_bg.wasm";
copyFileSync(path(`../../pkg/${module}`), `${out}/${module}`);

await build({
  entryPoints: [path("main.js")],
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  alias: { "kubelet-audit": path("../../pkg") },
  // For the peers of pkg/codemirror.js, which has no node_modules of its own.
  nodePaths: [path("../node_modules")],
});

const size = (name) => `${name} ${Math.ceil(statSync(`${out}/${name}`).size / 1024)} KiB`;
console.log(`   js/demo/dist: ${["main.js", module].map(size).join(", ")}`);
