// The shells' completions, in the shells that are installed: bash everywhere.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { pkg } from "./support.js";

const cli = fileURLToPath(new URL("cli.js", pkg));
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
writeFileSync(join(scratch, "a node.yaml"), "");

const has = (shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0;

function script(shell) {
  const { status, stdout } = spawnSync(process.execPath, [cli, "completions", shell], { encoding: "utf8" });
  assert.equal(status, 0);
  const path = join(scratch, `completions.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: scratch, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout.split("\n").filter(Boolean);
}

/** What may stand behind these words, and some of what has to be among it, some of what must not be. */
const CASES = [
  [["kubelet-audit", "exp"], ["explain"], ["check"]],
  [["kubelet-audit", "check", "--wr"], ["--write-baseline"], ["--written"]],
  [["kubelet-audit", "effective", "--wr"], ["--written"], ["--write-baseline"]],
  [["kubelet-audit", "--fail-on", "h"], ["high"], ["low"]],
  [["kubelet-audit", "check", "--format", "s"], ["sarif"], ["markdown"]],
  [["kubelet-audit", "explain", "read"], ["read-only-port"], ["event-qps"]],
  [["kubelet-audit", "schema", "w"], ["waivers"], ["report"]],
  [["kubelet-audit", "check", "--benchmark", "cis-a"], ["cis-aks-1.7"], ["strict"]],
  [["kubelet-audit", "check", "a"], ["a node.yaml"], []],
];

test("bash", () => {
  const path = script("bash");
  for (const [words, want, not] of CASES) {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const [last, before] = [words.at(-1), words.at(-2)];
    // Without a candidate, bash itself completes paths (`complete -o default`).
    const lines = [
      `source '${path}'; complete -p kubelet-audit | grep -q -- '-o default' || exit 9`,
      `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}`,
      `_kubelet__audit kubelet-audit '${last}' '${before}'`,
      `[[ $COMPREPLY ]] || mapfile -t COMPREPLY < <(compgen -f -- '${last}')`,
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    const found = run("bash", ["--norc", "-c", lines.join("\n")]);
    for (const word of want) assert.ok(found.includes(word), `${words.join(" ")}: ${found}`);
    for (const word of not) assert.ok(!found.includes(word), `${words.join(" ")}: ${found}`);
  }
});

if (has("fish")) {
  test("fish", () => {
    const path = script("fish");
    for (const [words, want, not] of CASES) {
      const line = `source '${path}'; complete -C '${words.join(" ")}'`;
      const found = run("fish", ["--no-config", "-c", line]).map((row) => row.split("\t")[0].replaceAll("\\ ", " "));
      for (const word of want) assert.ok(found.includes(word), `${words.join(" ")}: ${found}`);
      for (const word of not) assert.ok(!found.includes(word), `${words.join(" ")}: ${found}`);
    }
  });
}

if (has("zsh")) {
  test("zsh", () => {
    const path = script("zsh");
    run("zsh", ["-f", "-n", path]);
    const line = `autoload -Uz compinit; compinit -u -D; source '${path}'; print $_comps[kubelet-audit]`;
    assert.deepEqual(run("zsh", ["-f", "-c", line]), ["_kubelet-audit"]);
  });
}
