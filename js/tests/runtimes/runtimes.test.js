// The packed package in Deno, in Bun and in workerd, which are real and come from npm.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { install, tool } from "../installed.js";
import { compliant, config, gate, pkg, readCases } from "../support.js";

const { auditToJson } = await import(new URL("core.js", pkg));
await import(new URL("node.js", pkg));

let project;
before(() => {
  project = install();
  writeFileSync(join(project.path, "node.json"), config({ serverTLSBootstrap: false, featureGates: gate }));
  writeFileSync(join(project.path, "compliant.json"), compliant());
  writeFileSync(join(project.path, "10-rotation.conf"), "kind: KubeletConfiguration\n");
});
after(() => project.remove());

const RUNTIMES = {
  // Deno asks before a program reads files, the package its wasm file among them.
  Deno: (allow) => [tool(".bin/deno"), ["run", "--no-prompt", "--cached-only", "--quiet", ...allow]],
  Bun: () => [tool(".bin/bun"), ["run"]],
};
const READ = ["--allow-read=."];
// What the command needs besides: variables such as NO_COLOR, and the width of the terminal.
const COMMAND = [...READ, "--allow-env", "--allow-sys"];

function start([program, args], ...more) {
  const env = { ...process.env, DENO_DIR: join(project.path, ".deno"), DENO_NO_UPDATE_CHECK: "1" };
  return spawnSync(program, [...args, ...more], { cwd: project.path, encoding: "utf8", env });
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  test(`${name} says what Node says`, () => {
    for (const file of ["audit.js", "audit.cjs", "layers.js", "controls.js", "errors.js"]) {
      const { stdout, stderr } = start(runtime(READ), file);
      assert.equal(stderr, "", file);
      assert.equal(stdout, project.run(process.execPath, [file]), file);
    }
  });

  test(`the command in ${name}`, () => {
    for (const [file, code] of [["compliant.json", 0], ["node.json", 1], ["missing.json", 2]]) {
      const args = ["check", file, "--format", "json"];
      const there = start(runtime(COMMAND), "node_modules/kubelet-audit/cli.js", ...args);
      const here = spawnSync(process.execPath, ["node_modules/kubelet-audit/cli.js", ...args], { cwd: project.path, encoding: "utf8" });
      assert.deepEqual([there.status, there.stdout, there.stderr], [code, here.stdout, here.stderr], file);
    }
  });
}

test("Deno is asked for nothing but reading, and a refusal is clear", () => {
  const { status, stderr } = start(RUNTIMES.Deno([]), "audit.js");
  assert.notEqual(status, 0);
  assert.match(stderr, /Requires read access to .*kubelet_audit_bg\.wasm/);
});

test("workerd answers every text as Node does", async () => {
  const out = join(project.path, "worker");
  // As wrangler bundles: with these conditions, and wasm files left to the platform.
  await build({
    absWorkingDir: project.path,
    entryPoints: ["workerd.js"],
    bundle: true,
    format: "esm",
    outdir: out,
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const wasm = readdirSync(out).filter((name) => name.endsWith(".wasm"));
  assert.equal(wasm.length, 1);
  writeFileSync(
    join(out, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (
       services = [(name = "main", worker = (
         modules = [
           (name = "workerd.js", esModule = embed "workerd.js"),
           (name = "${wasm[0]}", wasm = embed "${wasm[0]}"),
         ],
         compatibilityDate = "2026-01-01",
       ))],
       sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
     );`,
  );
  const child = spawn(tool(".bin/workerd"), ["serve", "--control-fd=3", join(out, "config.capnp")], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const port = await new Promise((resolve, reject) => {
      let said = "";
      child.stdio[3].on("data", (chunk) => {
        said += chunk;
        const found = /"event":"listen".*"port":(\d+)/.exec(said);
        if (found) resolve(found[1]);
      });
      child.once("error", reject);
      ended.then((code) => reject(new Error(`workerd ended with ${code}: ${stderr}`)));
    });
    const texts = readCases().map(({ name, request }) => [name, request?.config ?? request]);
    const bodies = texts.filter(([, text]) => typeof text === "string");
    assert.ok(bodies.length > 20);
    for (const [name, body] of bodies) {
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
      assert.equal(await response.text(), auditToJson(body), name);
    }
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
});
