// The installed package through bundlers, as they are without configuration, and in Chromium what they
// made: on the page and in a worker, under the content security policy that pkg/README.md names.

import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { build as esbuild } from "esbuild";
import { build as viteBuild, createServer } from "vite";
import webpack from "webpack";
import { install, tool } from "../installed.js";
import { config, gate, pkg } from "../support.js";
import { launch, POLICY, serve } from "./support.js";

const { applyFixes, audit } = await import(new URL("node.js", pkg));
const text = config({ featureGates: gate });

let browser;
let project;
before(async () => {
  project = install("bundled");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  project?.remove();
});

/** Opens a page and answers with what `body` makes of it; the browser may complain of nothing. */
async function open(url, body) {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Which Chromium asks for by itself.
    const isIcon = message.location().url.endsWith("/favicon.ico");
    if (["error", "warning"].includes(message.type()) && !isIcon) complaints.push(message.text());
  });
  try {
    await page.goto(url);
    await page.locator("html[data-ready]").waitFor().catch((error) => complaints.push(String(error)));
    assert.deepEqual(complaints, []);
    const value = await body(page);
    assert.deepEqual(complaints, []);
    return value;
  } finally {
    await page.close();
  }
}

/** The page's answers are those of Node. */
async function answers(page) {
  await page.fill("#config", text);
  for (const id of ["#here", "#in-worker"]) {
    await page.locator(`${id}:not(:empty)`).waitFor();
    assert.deepEqual(JSON.parse(await page.textContent(id)), audit(text), id);
  }
  const before = config();
  await page.fill("#config", before);
  await page.click("#fix");
  await page.waitForFunction((before) => document.querySelector("#config").value !== before, before);
  assert.equal(await page.inputValue("#config"), applyFixes(before, audit(before)).text);
}

/** Serves a directory of the project under the policy, and runs `body` with its address. */
async function served(directory, body) {
  const server = await serve(pathToFileURL(`${join(project.path, directory)}/`), { "content-security-policy": POLICY });
  try {
    return await body(server.url);
  } finally {
    await server.close();
  }
}

test("vite build", async () => {
  await viteBuild({ root: project.path, configFile: false, logLevel: "warn" });
  await served("dist", (url) => open(url, answers));
});

test("vite dev", async () => {
  const server = await createServer({
    root: project.path,
    configFile: false,
    logLevel: "warn",
    server: { host: "127.0.0.1", port: 0, hmr: false },
  });
  try {
    await server.listen();
    await open(server.resolvedUrls.local[0], answers);
  } finally {
    await server.close();
  }
});

test("vite: the address of the wasm file", async () => {
  const page = readFileSync(join(project.path, "index.html"), "utf8");
  writeFileSync(join(project.path, "url.html"), page.replace("main.js", "url.js"));
  await viteBuild({
    root: project.path,
    configFile: false,
    logLevel: "warn",
    build: { outDir: "dist-url", rolldownOptions: { input: join(project.path, "url.html") } },
  });
  const version = await served("dist-url", (url) =>
    open(`${url}url.html`, (page) => page.locator("html").getAttribute("data-ready")),
  );
  assert.equal(version, audit("").schemaVersion);
});

test("webpack", async () => {
  const stats = await new Promise((resolve, reject) => {
    const compiler = webpack({
      context: project.path,
      mode: "production",
      entry: "./main.js",
      output: { path: join(project.path, "webpack") },
      // By its measure, the module is large for a page.
      performance: false,
    });
    compiler.run((error, stats) => compiler.close((late) => (error ?? late ? reject(error ?? late) : resolve(stats))));
  });
  assert.equal(stats.toString({ all: false, errors: true, warnings: true }), "");
  const page = readFileSync(join(project.path, "index.html"), "utf8");
  writeFileSync(join(project.path, "webpack/index.html"), page.replace('type="module"', "defer"));
  await served("webpack", (url) => open(url, answers));
});

test("esbuild, with the wasm file copied", async () => {
  symlinkSync(tool("esbuild"), join(project.path, "node_modules/esbuild"));
  copyFileSync(new URL("../examples/esbuild/build.js", import.meta.url), join(project.path, "build.js"));
  project.run(process.execPath, ["build.js"]);
  copyFileSync(join(project.path, "index.html"), join(project.path, "dist/index.html"));
  await served("dist", (url) => open(url, answers));
});

test("esbuild, for Node", async () => {
  const outfile = join(project.path, "node/main.js");
  await esbuild({
    absWorkingDir: project.path,
    stdin: {
      contents: `import { audit } from "kubelet-audit"; console.log(audit(${JSON.stringify(text)}).schemaVersion);`,
      resolveDir: project.path,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
  });
  copyFileSync(new URL("kubelet_audit_bg.wasm", pkg), join(project.path, "node/kubelet_audit_bg.wasm"));
  assert.ok(existsSync(outfile));
  assert.equal(project.run(process.execPath, [outfile]), `${audit("").schemaVersion}\n`);
});
