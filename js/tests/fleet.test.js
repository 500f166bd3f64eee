// A fleet in one run: what the module's memory does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { config, pkg } from "./support.js";

const { initSync, run } = await import(new URL("kubelet_audit_cli.js", pkg));
const { memory } = initSync({ module: readFileSync(new URL("kubelet_audit_cli_bg.wasm", pkg)) });

/** A machine on which so many nodes answer, and what is printed is counted. */
function machine(nodes) {
  const kubeletconfig = { ...JSON.parse(config({ eventRecordQPS: 5 })), registerWithTaints: taints };
  let number = 0;
  const told = { lines: 0, bytes: 0 };
  return {
    told,
    open() {},
    read() {
      if (number === nodes) return new Uint8Array();
      number += 1;
      // Values that differ from node to node must not pile up either.
      const row = { node: `worker-${number}`, kubeletVersion: "v1.31.4", kubeletconfig: { ...kubeletconfig, eventRecordQPS: number } };
      return Buffer.from(`${JSON.stringify(row)}\n`);
    },
    writeStdout(text) {
      told.lines += text.split("\n").length - 1;
      told.bytes += text.length;
    },
    writeStderr(text) {
      throw new Error(text);
    },
    variable() {},
    stdoutColumns() {},
    now: () => 0,
  };
}

const taints = Array.from({ length: 25 }, (_, n) => ({ key: `node.kubernetes.io/unschedulable-${n}`, value: "v", effect: "NoSchedule" }));

for (const format of ["ndjson", "json", "text"]) {
  test(`memory after 5,000 nodes is what it is after 200 (${format})`, () => {
    const audit = (nodes) => {
      const host = machine(nodes);
      const args = ["check", "-", "--format", format, "--control", "rotate-kubelet-server-certificate,event-qps"];
      assert.equal(run(args, host), 1);
      assert.ok(host.told.bytes > nodes * 20, "every node is told");
      return memory.buffer.byteLength;
    };
    const few = audit(200);
    const many = audit(5000);
    // Names of the first few nodes of each group are kept, nothing else; a page is 64 KiB.
    assert.ok(many - few <= 2 * 65536, `${few} bytes after 200 nodes, ${many} after 5,000`);
  });
}
