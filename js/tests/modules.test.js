// The library and the command are two modules: the same answers from both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { config, pkg, readCases } from "./support.js";

const { auditToJson } = await import(new URL("core.js", pkg));
const { render } = await import(new URL("node.js", pkg));
const { initSync, run } = await import(new URL("kubelet_audit_cli.js", pkg));
initSync({ module: readFileSync(new URL("kubelet_audit_cli_bg.wasm", pkg)) });

/** What the command prints for one file, on a machine that has nothing else. */
function check(text, args) {
  const bytes = Buffer.from(text);
  let printed = "";
  let at = 0;
  const host = {
    open() {},
    read() {
      const piece = bytes.subarray(at, at + 65536);
      at += piece.length;
      return piece;
    },
    isDirectory: () => false,
    writeStdout(text) {
      printed += text;
    },
    writeStderr() {},
    variable() {},
    stdoutColumns() {},
    now: () => 0,
  };
  run(["check", ...args], host);
  return printed;
}

/** Options of the command by the fields of a request. */
const OPTIONS = {
  basis: "--basis",
  kubeletVersion: "--kubelet-version",
  maxBytes: "--max-bytes",
  node: "--node",
  servingCertificates: "--serving-certificates",
};

/** The cases of one file, and the command's arguments. */
const cases = readCases().flatMap(({ name, request }) => {
  const { config, source = "node.yaml", ...rest } = typeof request === "string" ? { config: request } : (request ?? {});
  const fields = Object.entries(rest);
  if (name.startsWith("request-") || typeof config !== "string" || !fields.every(([field]) => field in OPTIONS)) return [];
  const options = fields.flatMap(([field, value]) => [OPTIONS[field], String(value)]);
  return [{ name, config, args: [source, ...options], request: { config, source, ...rest } }];
});

test("the command's JSON is the library's", () => {
  let compared = 0;
  for (const { name, config, args, request } of cases) {
    const json = auditToJson(request);
    const { targets } = JSON.parse(json);
    // The command adds what several targets have in common, and does not pass on what is no text or too large.
    if (targets.length > 1 || /^(binary|too-large)$/.test(targets[0].errors[0]?.code) || config.includes("\0")) continue;
    assert.equal(check(config, [...args, "--format", "json"]), `${json}\n`, name);
    compared += 1;
  }
  assert.ok(compared >= 30, `${compared} cases`);
});

test("render writes what the command writes, save for the lines of the file and what to run next", () => {
  const text = config({ readOnlyPort: 10255, unknown: 1 });
  const report = auditToJson({ config: text, source: "node.yaml", effective: false });
  for (const format of ["json", "json-pretty", "sarif", "junit", "github", "gitlab", "markdown", "openreports", "policyreport", "ndjson"]) {
    const full = ["json", "json-pretty", "ndjson"].includes(format) ? auditToJson({ config: text, source: "node.yaml" }) : report;
    assert.equal(render(full, format), check(text, ["node.yaml", "--format", format]), format);
  }
  const ofCommand = check(text, ["node.yaml", "--format", "text"]).split("\n");
  const missing = render(report, "text").split("\n").filter((line) => !ofCommand.includes(line));
  assert.deepEqual(missing, []);
});
