// What people type, and what they get: the native command and the one in Node against the transcripts of
// host-tests/transcripts.json, which wasmtime is held against in host-tests.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pkg } from "./support.js";

const data = new URL("../../host-tests/transcripts.json", import.meta.url);
const transcripts = JSON.parse(readFileSync(data, "utf8"));
const target = process.env.CARGO_TARGET_DIR ?? new URL("../../target", import.meta.url).pathname;
const native = process.env.KUBELET_AUDIT ?? join(target, "debug/kubelet-audit");
assert.ok(existsSync(native), `${native} is missing: run cargo x build`);

const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const examples = new URL("../../examples/", import.meta.url);
for (const entry of readdirSync(examples, { withFileTypes: true })) {
  if (entry.isFile()) copyFileSync(new URL(entry.name, examples), join(scratch, entry.name));
}
mkdirSync(join(scratch, "empty.d"));
for (const [name, content] of Object.entries(transcripts.files)) {
  mkdirSync(dirname(join(scratch, name)), { recursive: true });
  writeFileSync(join(scratch, name), content.hex ? Buffer.from(content.hex, "hex") : content);
}

/** Longer output is compared between hosts alone. */
const MOST = 4096;

function run(program, leading, { args, stdin }) {
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, COLUMNS, ...env } = process.env;
  const options = { cwd: scratch, env, input: stdin, encoding: "utf8", maxBuffer: 1 << 28 };
  const { status, stdout, stderr } = spawnSync(program, [...leading, ...args], options);
  return { code: status, stdout, stderr };
}

for (const transcript of transcripts.runs) {
  test(["kubelet-audit", ...transcript.args].join(" "), () => {
    const first = run(native, [], transcript);
    assert.deepEqual(run(process.execPath, [new URL("cli.js", pkg).pathname], transcript), first, "Node");
    const { code, stdout, stderr } = first;
    const told = { code, stdout: stdout.length > MOST ? null : stdout.split("\n"), stderr: stderr.split("\n") };
    if (process.env.UPDATE_TRANSCRIPTS) Object.assign(transcript, told);
    const expected = { code: transcript.code, stdout: transcript.stdout, stderr: transcript.stderr };
    assert.deepEqual(told, expected);
  });
}

if (process.env.UPDATE_TRANSCRIPTS) after(() => writeFileSync(data, `${JSON.stringify(transcripts, null, 1)}\n`));
