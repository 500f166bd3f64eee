// What pkg/README.md shows is what the tests run: each program of it is a region of a file in
// `examples`, each command is run here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { examples, install } from "./installed.js";
import { config, pkg } from "./support.js";

const readme = readFileSync(new URL("README.md", pkg), "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }));
const inLanguage = (wanted) => blocks.filter(({ language }) => language === wanted).map(({ text }) => text);

const project = install();
after(project.remove);

test("every program in it is part of one that is tested, and the other way round", () => {
  const regions = readdirSync(examples, { recursive: true })
    .filter((name) => /\.c?js$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, examples), "utf8");
      return [...text.matchAll(/^\/\/ #region[^\n]*\n(.*?)^\/\/ #endregion$/gms)].map((match) => match[1]);
    });
  assert.ok(regions.length >= 9);
  assert.deepEqual(inLanguage("js").sort(), regions.sort());
  assert.deepEqual([...new Set(blocks.map(({ language }) => language))].sort(), ["js", "sh"]);
});

test("every command in it can be run", () => {
  writeFileSync(join(project.path, "node.json"), config());
  // Stands for a cluster; what comes after the pipe is real.
  const programs = join(project.path, "programs");
  mkdirSync(programs);
  const configz = JSON.stringify({ kubeletconfig: JSON.parse(config()) });
  const cases = `*--raw*) echo '${configz}' ;; *) echo 'worker-1 v1.31.4' ;;`;
  writeFileSync(join(programs, "kubectl"), `#!/bin/sh\ncase "$*" in ${cases} esac\n`, { mode: 0o755 });
  writeFileSync(join(project.path, "nodes.ndjson"), `${configz}\n${configz}\n`);

  const lines = inLanguage("sh").flatMap((text) => text.trimEnd().split("\n"));
  assert.ok(lines.length >= 4);
  for (const line of lines) {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", line], {
      cwd: project.path,
      encoding: "utf8",
      env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}`, npm_config_offline: "true", npm_config_loglevel: "error" },
    });
    assert.equal(stderr, "", line);
    // A kubelet with nothing set has findings; lists and pages have none.
    assert.equal(status, line.includes(" check ") ? 1 : 0, line);
    assert.ok(stdout.length > 100, line);
  }
});
