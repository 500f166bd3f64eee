// The package in Chromium, under the content security policy that its README names.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { pkg, readCases } from "../support.js";

const { auditToJson } = await import(new URL("core.js", pkg));
await import(new URL("node.js", pkg));

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
const OURS = {
  "/favicon.ico": "",
  "": "<!doctype html><title>test</title>",
  "worker.js": `
    import { audit, init } from "./web.js";
    await init();
    postMessage(audit("").schemaVersion);`,
};
const WASM = "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'";

let browser;
let server;
let base;

before(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const policy = pathname.startsWith("/no-wasm/") ? "script-src 'self'" : WASM;
    response.setHeader("content-security-policy", `default-src 'self'; ${policy}`);
    const name = pathname.replace(/^\/(no-)?wasm\//, "");
    response.setHeader("content-type", TYPES[extname(name)] ?? "text/html");
    try {
      response.end(OURS[name] ?? readFileSync(new URL(name, pkg)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // As root, which CI is, Chromium has no sandbox; it visits nothing but this server.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens a page and runs `body` there, with `argument`. */
async function inPage(path, body, argument) {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  try {
    await page.goto(base + path);
    const value = await page.evaluate(body, argument);
    return { value, complaints };
  } finally {
    await page.close();
  }
}

test("init fetches the file beside the script, and every case is answered as in Node", async () => {
  const cases = readCases().filter(({ request }) => typeof request === "string" || (request && !Array.isArray(request) && typeof request === "object"));
  const expected = cases.map(({ request }) => JSON.parse(auditToJson(request)));
  const { value, complaints } = await inPage(
    "/wasm/",
    async (requests) => {
      const web = await import("./web.js");
      await web.init();
      return requests.map((request) => web.audit(request));
    },
    cases.map(({ request }) => request),
  );
  assert.deepEqual(complaints, []);
  for (const [index, { name }] of cases.entries()) assert.deepEqual(value[index], expected[index], name);
});

test("the other ways to load", async () => {
  const { value, complaints } = await inPage("/wasm/", async () => {
    const web = await import("./web.js");
    await web.init(fetch("kubelet_audit_bg.wasm"));
    return [web.audit("").schemaVersion, web.version];
  });
  assert.deepEqual(complaints, []);
  assert.equal(value[0], "2.0");
});

test("a trap is mended on the main thread", async () => {
  const { value, complaints } = await inPage("/wasm/", async () => {
    const web = await import("./web.js");
    await web.init();
    const { call, exports } = await import("./core.js");
    try {
      call(() => exports().auditText(0xffff_0000, 0x8000));
    } catch (error) {
      return [error.code, web.audit("").schemaVersion];
    }
    return "no trap";
  });
  assert.deepEqual(value, ["internal", "2.0"], complaints.join("\n"));
});

test("a policy without 'wasm-unsafe-eval' is a load error that says so", async () => {
  const { value } = await inPage("/no-wasm/", async () => {
    const web = await import("./web.js");
    try {
      await web.init();
    } catch (error) {
      return [error.name, error.code, error.message];
    }
    return "loaded";
  });
  assert.equal(value[0], "AuditError");
  assert.equal(value[1], "load");
  assert.match(value[2], /Content Security Policy|unsafe-eval|code generation/i);
});

test("a worker can use it", async () => {
  const { value, complaints } = await inPage("/wasm/", () => {
    const policy = trustedTypes.createPolicy("test", { createScriptURL: (url) => url });
    const worker = new Worker(policy.createScriptURL("worker.js"), { type: "module" });
    return new Promise((resolve) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => resolve(event.message ?? "error");
    });
  });
  assert.equal(value, "2.0", complaints.join("\n"));
});
