// What the command writes: never over what it reads, and whole or not at all.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { config, pkg } from "./support.js";

const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-outputs-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const native = process.env.KUBELET_AUDIT ?? fileURLToPath(new URL("../../target/debug/kubelet-audit", import.meta.url));
const programs = { node: [process.execPath, fileURLToPath(new URL("cli.js", pkg))] };
if (existsSync(native)) programs.native = [native];

const text = config({ readOnlyPort: 10255 });
const head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const inputs = {
  "a.json": text,
  "sub/b.json": text,
  "conf.d/10-port.conf": `${head}readOnlyPort: 0\n`,
  "waivers.yaml": "waivers:\n- control: read-only-port\n  reasn: a mistake\n",
};

/** A directory with the inputs, and the way to see whether they are as they were. */
function directory() {
  const path = mkdtempSync(join(scratch, "d-"));
  for (const name of ["sub", "conf.d"]) mkdirSync(join(path, name));
  for (const [name, content] of Object.entries(inputs)) writeFileSync(join(path, name), content);
  return path;
}

function assertUnchanged(path, about) {
  for (const [name, content] of Object.entries(inputs)) {
    assert.equal(readFileSync(join(path, name), "utf8"), content, `${about}: ${name}`);
  }
  const names = readdirSync(path, { recursive: true });
  assert.deepEqual(names.filter((name) => name.includes(".kubelet-audit-")), [], about);
}

function run([program, ...first], args, options) {
  return spawnSync(program, [...first, "check", "--kubelet-version", "1.34", ...args], {
    encoding: "utf8",
    timeout: 20_000,
    ...options,
  });
}

for (const [host, program] of Object.entries(programs)) {
  test(`${host}: an input is not written over, however it is spelled`, () => {
    const cases = {
      "an absolute path": (cwd) => ["a.json", "--output", join(cwd, "a.json")],
      "a detour": () => ["a.json", "--output", "sub/../a.json"],
      "a link": () => ["a.json", "--output", "link.json"],
      "a hard link": () => ["a.json", "--output", "hard.json"],
      "a file of a directory": () => ["sub", "--output", "sub/b.json"],
      "a drop-in": () => ["a.json", "--config-dir", "conf.d", "--output", "conf.d/10-port.conf"],
      "the baseline to write": (cwd) => ["a.json", "--write-baseline", join(cwd, "a.json")],
      "the waivers, which have a mistake": (cwd) => ["a.json", "--waivers", "waivers.yaml", "--output", join(cwd, "waivers.yaml")],
    };
    for (const [about, args] of Object.entries(cases)) {
      const cwd = directory();
      symlinkSync("a.json", join(cwd, "link.json"));
      linkSync(join(cwd, "a.json"), join(cwd, "hard.json"));
      const { status, stderr } = run(program, args(cwd), { cwd });
      assert.equal(status, 2, `${about}: ${stderr}`);
      assert.match(stderr, /input of this run|read in this run|is not known here|unknown/, about);
      assertUnchanged(cwd, about);
    }
  });

  test(`${host}: the file of standard input is an input`, () => {
    const cwd = directory();
    const stdin = openSync(join(cwd, "a.json"), "r");
    const { status, stderr } = run(program, ["-", "--output", "a.json"], { cwd, stdio: [stdin, "pipe", "pipe"] });
    closeSync(stdin);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /the file is an input of this run/);
    assertUnchanged(cwd, "standard input");
  });

  test(`${host}: two reports do not go to one file under two names`, () => {
    const cwd = directory();
    const two = ["--format", "json", "--output", "x", "--format", "sarif", "--output", "sub/../x"];
    const { status, stderr } = run(program, ["a.json", ...two], { cwd });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /another output of this run has the same path/);
    assert.equal(existsSync(join(cwd, "x")), false);
    assertUnchanged(cwd, "twice");
  });

  test(`${host}: an output is replaced when it is whole, and its mode is kept`, () => {
    const cwd = directory();
    writeFileSync(join(cwd, "report.json"), "old", { mode: 0o640 });
    // The baseline cannot be written, so the run fails after the report was begun.
    const bad = run(program, ["a.json", "--format", "json", "--output", "report.json", "--write-baseline", "no/such"], { cwd });
    assert.equal(bad.status, 2, bad.stderr);
    const good = run(program, ["a.json", "--format", "json", "--output", "report.json"], { cwd });
    assert.equal(good.status, 1, good.stderr);
    assert.equal(JSON.parse(readFileSync(join(cwd, "report.json"), "utf8")).targets.length, 1);
    assertUnchanged(cwd, "replaced");
  });

  test(`${host}: a baseline can be updated in place`, () => {
    const cwd = directory();
    for (const [args, code] of [[["--write-baseline", "known.json"], 1], [["--baseline", "known.json", "--write-baseline", "known.json"], 0]]) {
      const { status, stderr } = run(program, ["a.json", ...args], { cwd });
      assert.equal(status, code, stderr);
      assert.ok(JSON.parse(readFileSync(join(cwd, "known.json"), "utf8")).findings.length > 0);
    }
  });

  test(`${host}: pipes, sockets, and links to nothing in a directory are passed over by name`, () => {
    const cwd = directory();
    assert.equal(spawnSync("mkfifo", [join(cwd, "sub/pipe.yaml")]).status, 0);
    symlinkSync("nothing", join(cwd, "sub/gone.yaml"));
    const { status, stderr } = run(program, ["sub", "--verbose"], { cwd });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /sub\/pipe\.yaml: .*a FIFO/);
    assert.match(stderr, /sub\/gone\.yaml: .*a link to nothing/);
    // The kubelet would read a drop-in of that name, so here it is an error.
    assert.equal(spawnSync("mkfifo", [join(cwd, "conf.d/20-pipe.conf")]).status, 0);
    const layered = run(program, ["a.json", "--config-dir", "conf.d", "--format", "json"], { cwd });
    assert.equal(layered.status, 2, layered.stderr);
    assert.match(layered.stdout, /cannot read \S*20-pipe\.conf: it is a FIFO/);
  });

  test(`${host}: a full standard output ends with 2`, { skip: !existsSync("/dev/full") }, () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = run(program, ["a.json"], { cwd: directory(), stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /cannot write to standard output/);
  });

  test(`${host}: a report can go to a pipe`, { skip: !existsSync("/dev/stdout") }, () => {
    const command = [...program, "check", "a.json", "--kubelet-version", "1.34", "--format", "json", "--output", "/dev/stdout"];
    const shell = ["-c", '"$@" | cat', "sh", ...command];
    const { stdout, stderr } = spawnSync("sh", shell, { cwd: directory(), encoding: "utf8", timeout: 20_000 });
    assert.equal(stderr, "");
    assert.equal(JSON.parse(stdout).targets.length, 1);
  });
}
