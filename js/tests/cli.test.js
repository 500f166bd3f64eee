// The command in Node: what its machine does with pipes, files and errors. What the command itself says
// is tested in Rust, and compared between hosts in host-tests.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compliant, config, pkg, seed } from "./support.js";

const { host } = await import(new URL("host.js", pkg));
const cli = new URL("cli.js", pkg).pathname;
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const good = compliant();
writeFileSync(join(scratch, "good.json"), good);
writeFileSync(join(scratch, "bad.json"), config({}));

const check = (args, options = {}) =>
  spawnSync(process.execPath, [cli, "check", ...args], { cwd: scratch, encoding: "utf8", ...options });

test("exit codes", () => {
  assert.equal(check(["good.json"]).status, 0);
  assert.equal(check(["bad.json"]).status, 1);
  assert.equal(check(["missing.json"]).status, 2);
  assert.equal(check(["--no-such-option"]).status, 2);
});

test("standard input", () => {
  const json = (options) => JSON.parse(check(["-", "--format", "json"], options).stdout);
  assert.equal(seed(json({ input: good }).targets[0]).status, "pass");
  assert.ok(json({ input: "" }).targets[0].errors.length > 0, "empty");
  assert.ok(json({ stdio: ["ignore", "pipe", "pipe"] }).targets[0].errors.length > 0, "closed");
  // Past the size of a pipe's buffer, and past the limit.
  const large = json({ input: `${good.slice(0, -1)},"x":"${"y".repeat(500_000)}"}` });
  assert.equal(large.targets[0].kubelet !== undefined, true);
  assert.equal(json({ input: " ".repeat(3 << 20) }).targets[0].errors[0].code, "too-large");
});

test("standard input that comes late, on a descriptor that does not block", async () => {
  // A shell's pipe from `sleep` leaves the descriptor as another Node process set it: non-blocking.
  const child = spawn(process.execPath, [cli, "check", "-", "--format", "json"], { cwd: scratch });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const half = Math.floor(good.length / 2);
  await new Promise((resolve) => setTimeout(resolve, 150));
  child.stdin.write(good.slice(0, half));
  await new Promise((resolve) => setTimeout(resolve, 150));
  child.stdin.end(good.slice(half));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0);
  assert.equal(seed(JSON.parse(stdout).targets[0]).status, "pass");
});

test("output is whole on a slow pipe, and a reader that leaves is no error", () => {
  const many = Array.from({ length: 40 }, () => "bad.json");
  const whole = check([...many, "--format", "json"], { maxBuffer: 1 << 28 }).stdout;
  assert.equal(JSON.parse(whole).targets.length, 40);
  const quoted = `'${process.execPath}' '${cli}' check ${many.join(" ")} --format json`;
  const slow = execFileSync("sh", ["-c", `${quoted} | (sleep 0.5; cat)`], { cwd: scratch, maxBuffer: 1 << 28 });
  assert.equal(slow.toString(), whole);
  const { stderr } = spawnSync("sh", ["-c", `${quoted} | head -c 10 > /dev/null`], { cwd: scratch, encoding: "utf8" });
  assert.equal(stderr, "");
});

test("the machine: files", () => {
  assert.equal(Buffer.from(host.readFile(join(scratch, "good.json"), 1 << 20)).toString(), good);
  const kinds = {
    "not-found": () => host.readFile(join(scratch, "none"), 9),
    "is-a-directory": () => host.readFile(scratch, 9),
    "too-large": () => host.readFile(join(scratch, "good.json"), 9),
  };
  for (const [kind, body] of Object.entries(kinds)) assert.throws(body, { kind });
  assert.equal(host.readFile(join(scratch, "good.json"), good.length).length, good.length);
  assert.throws(() => host.readFile(join(scratch, "good.json"), good.length - 1), { kind: "too-large" });
  // A file that does not know its size.
  assert.ok(host.readFile("/proc/self/status", 1 << 20).length > 0);
  assert.throws(() => host.readFile("a\0b", 9), { kind: "other" });
});

test("the machine: a file that may not be read", { skip: process.getuid?.() === 0 && "root may read all" }, () => {
  const path = join(scratch, "secret");
  writeFileSync(path, "");
  chmodSync(path, 0o000);
  assert.throws(() => host.readFile(path, 9), { kind: "permission-denied" });
});

test("the machine: directories", () => {
  const directory = join(scratch, "conf.d");
  mkdirSync(join(directory, "sub"), { recursive: true });
  writeFileSync(join(directory, "10-a.conf"), "");
  symlinkSync("10-a.conf", join(directory, "20-link.conf"));
  symlinkSync("sub", join(directory, "linked"));
  symlinkSync("nowhere", join(directory, "broken"));
  const entries = host.listDirectory(directory);
  const kinds = Object.fromEntries(entries.filter((_, at) => at % 2 === 0).map((name, at) => [name, entries[at * 2 + 1]]));
  assert.deepEqual(kinds, {
    "10-a.conf": "file",
    "20-link.conf": "file",
    broken: "a link to nothing",
    linked: "a link to a directory",
    sub: "directory",
  });
  assert.equal(host.isDirectory(directory), true);
  assert.equal(host.isDirectory(join(directory, "10-a.conf")), false);
  assert.equal(host.isDirectory(join(directory, "none")), false);
  assert.throws(() => host.listDirectory(join(directory, "none")), { kind: "not-found" });
  assert.throws(() => host.listDirectory(join(directory, "10-a.conf")), { kind: "not-a-directory" });
});

test("a broken installation is an internal error, not a clean bill", () => {
  const broken = join(scratch, "broken-installation");
  mkdirSync(broken);
  for (const name of ["cli.js", "host.js", "live.js", "kubelet_audit_cli.js"]) {
    symlinkSync(new URL(name, pkg).pathname, join(broken, name));
  }
  writeFileSync(join(broken, "package.json"), '{"type":"module"}');
  writeFileSync(join(broken, "kubelet_audit_cli_bg.wasm"), "not wasm");
  const args = ["--preserve-symlinks", "--preserve-symlinks-main", join(broken, "cli.js"), "check", "good.json"];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: scratch, encoding: "utf8" });
  assert.equal(status, 101);
  assert.match(stderr, /^error: internal error, please report it: /);
  assert.equal(stdout, "");
});
