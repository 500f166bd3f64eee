// The command under node:wasi: arguments, and files of the directory it runs in.

// #region load
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [, , module, ...args] = process.argv;
const wasi = new WASI({
  version: "preview1",
  args: ["kubelet-audit", ...args],
  preopens: { ".": "." },
  returnOnExit: true,
});
const { instance } = await WebAssembly.instantiate(await readFile(module), wasi.getImportObject());
process.exitCode = wasi.start(instance);
// #endregion
