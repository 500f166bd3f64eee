// Fails where a module is not as it should be: what it imports, what it exports, how large it is.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    imports: { type: "string" },
    exports: { type: "string" },
    sections: { type: "string" },
    "max-bytes": { type: "string" },
    "max-brotli": { type: "string" },
  },
});

const [file] = positionals;
const bytes = readFileSync(file);
// A component has another version in its head, which engines of modules do not read; postlink looks into it.
const isComponent = bytes.readUInt16LE(6) === 1;
const module = isComponent ? undefined : new WebAssembly.Module(bytes);
const complaints = [];
const list = (text) => text.split(",").filter(Boolean).sort();

if (module && values.imports !== undefined) {
  const found = [...new Set(WebAssembly.Module.imports(module).map((item) => item.module))].sort();
  const allowed = list(values.imports);
  const extra = found.filter((name) => !allowed.includes(name));
  if (extra.length > 0) complaints.push(`it imports from ${extra}; allowed: ${allowed.length ? allowed : "nothing"}`);
}
if (module && values.exports !== undefined) {
  const found = WebAssembly.Module.exports(module).map((item) => item.name).sort();
  const wanted = list(values.exports);
  if (String(found) !== String(wanted)) complaints.push(`it exports ${found}; wanted: ${wanted}`);
}
for (const name of list(values.sections ?? "")) {
  if (WebAssembly.Module.customSections(module, name).length !== 1) complaints.push(`it has no section ${name}`);
}
const brotli = brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
}).length;
const size = (name, value, limit) => {
  if (limit !== undefined && value > Number(limit)) complaints.push(`${name} ${value} bytes; at most ${limit}`);
  return `${name} ${value}${limit === undefined ? "" : ` of ${limit}`}`;
};
console.log(
  `   ${basename(file)}: ${size("size", bytes.length, values["max-bytes"])}, ${size("brotli", brotli, values["max-brotli"])}`,
);
for (const complaint of complaints) console.error(`   ${basename(file)}: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;
