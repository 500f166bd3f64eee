// The command line as people type it: `host-tests/transcripts`, run by Node's command and, where
// KUBELET_AUDIT names it, by the native one. `host-tests/tests/hosts/transcripts.rs` is the other reader.
//
// UPDATE_TRANSCRIPTS=1 writes down what comes out; the changes are to be read before they are kept.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pkg } from "./support.js";

const directory = new URL("../../host-tests/transcripts/", import.meta.url);
const examples = new URL("../../examples/", import.meta.url);
const hosts = { node: [process.execPath, fileURLToPath(new URL("cli.js", pkg))] };
if (process.env.KUBELET_AUDIT) hosts.native = [process.env.KUBELET_AUDIT];

/** Lines without their breaks; a last element that is empty stands for the break at the end. */
const split = (text) => text.split("\n");

function run([program, ...before], { args, stdin = "", files = {}, examples: copied = [], written = {} }) {
  const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
  try {
    for (const name of copied) cpSync(new URL(name, examples), join(scratch, name));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(scratch, name)), { recursive: true });
      writeFileSync(join(scratch, name), text);
    }
    const { PATH } = process.env;
    const { status, stdout, stderr } = spawnSync(program, [...before, ...args], { cwd: scratch, input: stdin, encoding: "utf8", env: { PATH } });
    const made = Object.keys(written).map((name) => {
      const path = join(scratch, name);
      return [name, existsSync(path) ? split(readFileSync(path, "utf8")) : null];
    });
    return { code: status, stdout: split(stdout), stderr: split(stderr), written: Object.fromEntries(made) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

for (const name of readdirSync(directory).filter((name) => name.endsWith(".json")).sort()) {
  const path = new URL(name, directory);
  const transcript = JSON.parse(readFileSync(path, "utf8"));
  for (const [host, program] of Object.entries(hosts)) {
    test(`${name} in ${host}: ${transcript.title}`, () => {
      const { code, stdout, stderr, written = {} } = transcript;
      const got = run(program, transcript);
      if (process.env.UPDATE_TRANSCRIPTS) {
        writeFileSync(path, `${JSON.stringify({ ...transcript, ...got }, null, 2)}\n`);
      } else {
        assert.deepEqual(got, { code, stdout, stderr, written });
      }
    });
  }
}
