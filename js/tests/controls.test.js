// The catalogue against what the command says of it, which reads the same Rust tables.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { config, pkg } from "./support.js";

const { explain, listBenchmarks, listControls } = await import(new URL("controls.js", pkg));
const { audit, explain: explainInModule } = await import(new URL("node.js", pkg));

const command = (...args) =>
  JSON.parse(execFileSync(process.execPath, [fileURLToPath(new URL("cli.js", pkg)), ...args, "--format", "json"]));

// What fixes do is made by the module, which the catalogue goes without.
const bare = (controls) => controls.map(({ fixes, ...control }) => (assert.ok(fixes, control.control), control));

test("the list of controls is the command's", () => {
  const listed = listControls();
  assert.deepEqual(listed, bare(command("controls")));
  assert.ok(listed.length >= 25);
});

test("so is what is told of one, with and without a config file in its examples", () => {
  for (const { control } of listControls()) {
    assert.equal(explain(control).control, control);
    assert.deepEqual(explainInModule(control), explain(control));
  }
  for (const control of ["rotate-kubelet-server-certificate", "cadvisor-port", "tls-cipher-suites"]) {
    assert.deepEqual([explain(control)], bare([command("explain", control)]));
  }
  assert.equal(explain("no-such"), undefined);
  assert.equal(explainInModule("no-such"), undefined);
  assert.equal(explain("toString"), undefined);
});

test("the benchmarks are those that a request can ask for", () => {
  const refused = (benchmark) => {
    try {
      return audit({ config: config(), benchmark });
    } catch (error) {
      return error;
    }
  };
  const known = /expected auto or one of (.*)$/.exec(refused("no-such").help)[1].split(", ");
  assert.deepEqual(listBenchmarks().map(({ id }) => id).sort(), known.sort());
  for (const { id, aliases, controls } of listBenchmarks()) {
    // Some editions leave nodes to the provider: an audit by them would find nothing whatever the kubelet does.
    if (controls.length === 0) {
      assert.match(refused(id).message, /has no kubelet controls/);
      continue;
    }
    const [{ findings }] = audit({ config: config(), benchmark: aliases[0] ?? id }).targets;
    assert.deepEqual(
      findings.map(({ benchmark, control }) => [benchmark.id, benchmark.number, control]),
      controls.map(({ control, number }) => [id, number, control]),
    );
  }
});

test("answers are the caller's own", () => {
  listControls()[0].editions.pop();
  listBenchmarks()[0].controls.length = 0;
  explain("read-only-port").references.push("mine");
  assert.deepEqual(listControls(), bare(command("controls")));
  assert.ok(listBenchmarks()[0].controls.length > 0);
  assert.ok(!explain("read-only-port").references.includes("mine"));
});
