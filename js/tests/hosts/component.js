// The component, made into JavaScript by jco.

import { serve } from "./serve.js";

// #region load
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco-transpile";

/** What `jco transpile COMPONENT -o DIRECTORY` writes, loaded. */
async function load(component, directory) {
  const { files } = await transpile(component, { name: "kubelet-audit", wasiShim: false });
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), bytes);
  }
  return import(pathToFileURL(join(directory, "kubelet-audit.js")));
}
// #endregion

// A component keeps its memory to itself; the test of leaks takes it from the module inside.
let memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate(...args);
  memory = (result.instance ?? result).exports.memory ?? memory;
  return result;
};

const [, , component, directory] = process.argv;
const { policy } = await load(component, directory);

await serve(
  (request) => policy.evaluate(request),
  () => memory.buffer.byteLength,
);
