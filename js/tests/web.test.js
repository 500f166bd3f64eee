// The entry for browsers, as far as Node has what it needs; tests/browser has the rest.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";
import { config, pkg } from "./support.js";

const wasm = readFileSync(new URL("kubelet_audit_bg.wasm", pkg));

const server = createServer((request, response) => {
  if (request.url === "/missing.wasm") response.writeHead(404).end();
  else if (request.url === "/broken.wasm") response.writeHead(200, { "content-type": "application/wasm" }).end("x");
  else response.writeHead(200, { "content-type": request.url === "/typed.wasm" ? "application/wasm" : "text/plain" }).end(wasm);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}/`;
after(() => server.close());

/** Runs `body` in a worker, where nothing is loaded yet; `web` is the entry. */
function fresh(body, data = {}) {
  const source = `
    const { workerData } = require("node:worker_threads");
    const post = (value) => require("node:worker_threads").parentPort.postMessage(value);
    import(${JSON.stringify(new URL("web.js", pkg).href)})
      .then(async (web) => (${body})(web, workerData))
      .then((value) => post({ value }), (error) => post({ code: error.code, message: error.message }));`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData: { base, text: config(), ...data } });
    worker.once("message", (message) => {
      worker.terminate();
      resolve(message);
    });
    worker.once("error", reject);
  });
}

test("a call before init says so", async () => {
  for (const call of [
    (web, { text }) => web.audit(text),
    (web, { text }) => web.applyFixes(text, {}),
    (web) => web.render("{}", "text"),
    (web) => web.explain("read-only-port"),
  ]) {
    const { code, message } = await fresh(call);
    assert.equal(code, "not-initialized");
    assert.match(message, /await init\(\) first$/);
  }
});

test("init takes a URL, a Response, bytes and a module", async () => {
  const ways = {
    url: (web, { base }) => web.init(new URL("typed.wasm", base)),
    text: (web, { base }) => web.init(`${base}typed.wasm`),
    "wrong media type": (web, { base }) => web.init(`${base}untyped.wasm`),
    request: (web, { base }) => web.init(new Request(`${base}typed.wasm`)),
    response: async (web, { base }) => web.init(await fetch(`${base}typed.wasm`)),
    "promise of a response": (web, { base }) => web.init(fetch(`${base}typed.wasm`)),
    bytes: (web, { wasm }) => web.init(wasm),
    buffer: (web, { wasm }) => web.init(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)),
    module: (web, { wasm }) => web.init(new WebAssembly.Module(wasm)),
  };
  for (const [name, way] of Object.entries(ways)) {
    const { value, message } = await fresh(
      `async (web, data) => { await (${way})(web, data); return web.audit(data.text).schemaVersion; }`,
      { wasm: new Uint8Array(wasm) },
    );
    assert.equal(value, "2.0", `${name}: ${message}`);
  }
});

test("init is done once, and again after a failure", async () => {
  const { value, message } = await fresh(async (web, { base, text }) => {
    const codes = [];
    for (const name of ["missing.wasm", "broken.wasm"]) {
      await web.init(base + name).catch((error) => codes.push(error.code));
    }
    await web.init(42).catch((error) => codes.push(error.code));
    const first = web.init(`${base}typed.wasm`);
    codes.push(first === web.init(), (await first) === undefined, web.audit(text).schemaVersion);
    return codes;
  });
  assert.deepEqual(value, ["load", "load", "invalid-argument", true, true, "2.0"], message);
});
