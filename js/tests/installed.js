// The package as a user has it: packed, and installed from the tarball into an empty project, without a
// network.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pkgPath } from "./support.js";

/** Programs that use the package; pkg/README.md shows their marked regions. */
export const examples = new URL("examples/", import.meta.url);

/**
 * Makes an empty project with the package in it. `packed` is what npm says of the tarball.
 * @param {string} [from] directory of `examples` to copy into it
 */
export function install(from = ".") {
  // The real path: bundlers resolve links, and then find files outside of their root.
  const path = realpathSync(mkdtempSync(join(tmpdir(), "kubelet-audit-")));
  const run = (command, args, options = {}) =>
    execFileSync(command, args, { encoding: "utf8", cwd: path, stdio: ["pipe", "pipe", "pipe"], ...options });
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", path], { cwd: pkgPath }));
  const tarball = join(path, packed.filename);
  const project = { name: "consumer", version: "1.0.0", private: true, type: "module" };
  writeFileSync(join(path, "package.json"), JSON.stringify(project));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball]);
  cpSync(fileURLToPath(new URL(`${from}/`, examples)), path, { recursive: true });
  return { path, packed, tarball, run, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A file of our own `node_modules`. */
export function tool(path) {
  return fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
}
