// The hooks in the real pre-commit, which PRE_COMMIT names.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { compliant, config, pkgPath } from "../support.js";

const preCommit = process.env.PRE_COMMIT;
assert.ok(preCommit, "PRE_COMMIT names no pre-commit: cargo x test sets it (target/venv/bin/pre-commit)");
const root = fileURLToPath(new URL("../../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

// The command as a user has it: on PATH.
const bin = join(scratch, "bin");
mkdirSync(bin);
writeFileSync(join(bin, "kubelet-audit"), `#!/bin/sh\nexec '${process.execPath}' '${join(pkgPath, "cli.js")}' "$@"\n`);
chmodSync(join(bin, "kubelet-audit"), 0o755);

const env = {
  ...process.env,
  PATH: [bin, process.env.PATH].join(delimiter),
  PRE_COMMIT_HOME: join(scratch, "pre-commit"),
  npm_config_cache: join(scratch, "npm"),
  npm_config_offline: "true",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  NO_COLOR: "1",
};

function git(directory, ...args) {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...identity, ...args], { cwd: directory, env, encoding: "utf8" }).trim();
}

function repository(name, files) {
  const directory = join(scratch, name);
  mkdirSync(directory);
  git(directory, "init", "--quiet");
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  git(directory, "add", "--all");
  return directory;
}

const files = {
  "kubelet-good.json": compliant(),
  "bad.kubelet.yaml": config({ readOnlyPort: 10255 }),
  // Neither by its name nor by its kind ours.
  "deployment.yaml": "kind: Deployment\n",
};

function run(directory, ...args) {
  const { status, stdout, stderr } = spawnSync(preCommit, ["run", "--color=never", ...args], { cwd: directory, env, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test("the manifest is one, by pre-commit's own word", () => {
  execFileSync(preCommit, ["validate-manifest", join(root, ".pre-commit-hooks.yaml")], { env });
});

test("the hooks of the repository, with the command on PATH", () => {
  const hooks = repository("hooks", {});
  copyFileSync(join(root, ".pre-commit-hooks.yaml"), join(hooks, ".pre-commit-hooks.yaml"));
  git(hooks, "add", "--all");
  git(hooks, "commit", "--quiet", "--message", "hooks");
  const ids = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")).map((hook) => hook.id);
  const settings = { repos: [{ repo: hooks, rev: git(hooks, "rev-parse", "HEAD"), hooks: ids.map((id) => ({ id })) }] };
  const user = repository("user", { ...files, ".pre-commit-config.yaml": stringify(settings) });
  const { status, output } = run(user, "kubelet-audit");
  assert.equal(status, 1, output);
  assert.match(output, /^bad\.kubelet\.yaml$/m);
  assert.match(output, /^kubelet-good\.json$/m);
  assert.doesNotMatch(output, /deployment/);
  git(user, "rm", "--quiet", "--cached", "bad.kubelet.yaml");
  for (const id of ids) {
    const clean = run(user, id);
    assert.equal(clean.status, 0, clean.output);
    assert.match(clean.output, /Passed/);
  }
});

test("without anything on PATH: the packed package as an additional dependency", () => {
  const packed = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], { cwd: pkgPath, env, encoding: "utf8" }),
  );
  const settings = parse(readFileSync(join(root, "examples/ci/pre-commit-config.yaml"), "utf8"));
  const [hook] = settings.repos[0].hooks;
  const { version } = JSON.parse(readFileSync(join(pkgPath, "package.json"), "utf8"));
  assert.deepEqual(hook.additional_dependencies, [`kubelet-audit@${version}`]);
  hook.additional_dependencies = [join(scratch, packed[0].filename)];
  rmSync(join(bin, "kubelet-audit"));
  const user = repository("local", { ...files, ".pre-commit-config.yaml": stringify(settings) });
  const { status, output } = run(user);
  assert.equal(status, 1, output);
  assert.match(output, /^FAIL /m);
  git(user, "rm", "--quiet", "--cached", "bad.kubelet.yaml");
  const clean = run(user);
  assert.equal(clean.status, 0, clean.output);
});
