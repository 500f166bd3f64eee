// The forms of a report, each held against something that is not ours.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import Ajv4 from "ajv-draft-04";
import { Ajv2020 } from "ajv/dist/2020.js";
import { validateXML } from "xmllint-wasm";
import { parseAllDocuments } from "yaml";
import { compliant, config, pkg } from "./support.js";

const cli = fileURLToPath(new URL("cli.js", pkg));
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const data = (name) => readFileSync(new URL(`data/${name}`, import.meta.url), "utf8");

// Inputs that are hard on formats: names and values with markup in them, no text to point at, two of a
// name, nothing to read, a value in UTF-16 surrogate pairs before the one that is underlined.
const nasty = "a <b>&'\" %0A|`x` ::error::,y.json";
writeFileSync(join(scratch, "good.json"), compliant());
writeFileSync(join(scratch, "bad.json"), config({ readOnlyPort: 10255, authorization: { mode: "AlwaysAllow" } }));
writeFileSync(join(scratch, nasty), config({ "😀</failure>]]>": 1, authentication: { anonymous: { enabled: true } } }));
writeFileSync(join(scratch, "broken.yaml"), "kind: [\n");
writeFileSync(join(scratch, "\u0007bell.yaml"), "kind: \u{1F600}\n");
cpSync(new URL("../../examples/kubeadm.yaml", import.meta.url), join(scratch, "kubeadm.yaml"));
writeFileSync(
  join(scratch, "waivers.yaml"),
  "- {control: read-only-port, target: bad.*, reason: 'metrics <need> it', expires: 2099-12-31}\n" +
    "- {control: event-qps, target: nowhere, reason: gone, expires: 2001-01-01}\n",
);
const all = ["good.json", "bad.json", nasty, "broken.yaml", "\u0007bell.yaml", "kubeadm.yaml", "lost.json", "bad.json"];

function check(format, args = all) {
  const command = [cli, "check", "--format", format, "--waivers", "waivers.yaml", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: scratch, encoding: "utf8" });
  assert.notEqual(status, 101, stderr);
  return { status, stdout, stderr };
}

const valid = (validate, value) => assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), null, 1));
const report = JSON.parse(check("json").stdout);
const findings = report.targets.flatMap((target) => target.findings);
const isOpen = (finding) => ["fail", "error"].includes(finding.status) && !finding.waived;

test("the inputs say something of everything", () => {
  assert.ok(report.summary.unreadable >= 2 && report.summary.waived === 2);
  const statuses = new Set(findings.map((finding) => finding.status));
  for (const status of ["pass", "fail"]) assert.ok(statuses.has(status), status);
});

test("SARIF is valid by the standard's schema and has what code scanning asks for", () => {
  const require = createRequire(import.meta.url);
  const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const validate = new Ajv4({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(schema);
  for (const args of [all, ["good.json"], [...all, "--include-passed"], []]) {
    const log = JSON.parse(check("sarif", args).stdout);
    valid(validate, log);
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs;
    const { rules } = run.tool.driver;
    for (const rule of rules) {
      assert.ok(rule.shortDescription.text.length <= 1024 && rule.fullDescription.text.length <= 1024);
      assert.ok(rule.help.text && rule.help.markdown && rule.properties.tags.includes("security"));
    }
    for (const result of run.results) {
      assert.equal(rules[result.ruleIndex].id, result.ruleId);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      // A URI reference that leads back to the name of the file.
      assert.doesNotThrow(() => new URL(artifactLocation.uri, "file:///repository/"));
      assert.ok(args.includes(decodeURIComponent(artifactLocation.uri)), artifactLocation.uri);
      assert.ok(region.startLine >= 1);
      assert.match(result.partialFingerprints.primaryLocationLineHash, /^[0-9a-f]{32}:1$/);
      if (result.kind !== "fail") assert.equal(result.level, "none");
    }
    const expected = args.includes("--include-passed") ? findings.length : undefined;
    if (expected) assert.equal(run.results.length, expected);
  }
});

test("SARIF results are the findings that fail, waived ones suppressed, at their UTF-16 columns", () => {
  const [run] = JSON.parse(check("sarif").stdout).runs;
  assert.equal(run.results.length, findings.filter((finding) => ["fail", "error"].includes(finding.status)).length);
  const suppressed = run.results.filter((result) => result.suppressions);
  assert.deepEqual([...new Set(suppressed.map((result) => result.ruleId))], ["read-only-port"]);
  assert.equal(suppressed[0].suppressions[0].justification, "metrics <need> it (until 2099-12-31)");
  const anonymous = run.results.find(
    (result) => result.ruleId === "anonymous-auth" && decodeURIComponent(result.locations[0].physicalLocation.artifactLocation.uri) === nasty,
  );
  const { startLine, startColumn, endColumn } = anonymous.locations[0].physicalLocation.region;
  const line = readFileSync(join(scratch, nasty), "utf8").split("\n")[startLine - 1];
  assert.equal(line.slice(startColumn - 1, endColumn - 1), "true");
  assert.equal(run.invocations[0].executionSuccessful, false);
  const told = run.invocations[0].toolExecutionNotifications.map((notification) => notification.descriptor.id);
  assert.ok(told.includes("unreadable") && told.includes("expired-waiver"), `${told}`);
});

test("JUnit is well-formed, valid, and counts what it holds", async () => {
  for (const args of [all, ["good.json"], []]) {
    const xml = check("junit", args).stdout;
    const { valid: isValid, errors } = await validateXML({
      xml: [{ fileName: "report.xml", contents: xml }],
      schema: [data("junit.xsd")],
    });
    assert.ok(isValid, errors.map((error) => error.rawMessage).join("\n"));
  }
  const xml = check("junit").stdout;
  const count = (pattern) => xml.match(pattern)?.length ?? 0;
  assert.equal(count(/<testcase /g), findings.length + report.targets.flatMap((target) => target.errors).length);
  assert.equal(count(/<failure /g), findings.filter((finding) => finding.status === "fail" && isOpen(finding)).length);
  const sum = (name) => [...xml.matchAll(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`, "g"))].reduce((a, m) => a + Number(m[1]), 0);
  for (const [attribute, element] of [["failures", "failure"], ["errors", "error"], ["skipped", "skipped"], ["tests", "testcase"]]) {
    assert.equal(sum(attribute), count(new RegExp(`<${element} `, "g")), attribute);
  }
});

test("the schema of JUnit refuses what is none", async () => {
  const nothing = { contents: "<x/>", fileName: "x.xml" };
  const refused = await validateXML({ xml: [nothing], schema: [data("junit.xsd")] });
  assert.equal(refused.valid, false);
});

test("GitHub's annotations come back as they were meant", () => {
  const lines = check("github").stdout.trimEnd().split("\n");
  // The runner's own rules (actions/runner, ActionCommand.cs).
  const unescape = (text, pairs) => pairs.reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
  const inData = [["%0D", "\r"], ["%0A", "\n"], ["%25", "%"]];
  const inProperty = [["%0D", "\r"], ["%0A", "\n"], ["%3A", ":"], ["%2C", ","], ["%25", "%"]];
  const annotations = lines.map((line) => {
    const match = /^::(error|warning|notice) ([^:]*)::(.*)$/.exec(line);
    assert.ok(match, line);
    const properties = Object.fromEntries(
      match[2].split(",").map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), unescape(pair.slice(at + 1), inProperty)];
      }),
    );
    return { level: match[1], ...properties, message: unescape(match[3], inData) };
  });
  const ofFile = annotations.filter((annotation) => annotation.file === nasty);
  assert.ok(ofFile.some((annotation) => annotation.title.endsWith("refuses anonymous requests") || annotation.message.includes("anonymous")));
  for (const { line, endLine, col, title, message } of annotations) {
    assert.ok(message && title);
    if (line) assert.ok(Number(line) >= 1);
    if (col) assert.equal(line, endLine);
  }
  const ranks = annotations.map(({ level }) => ["error", "warning", "notice"].indexOf(level));
  const first = annotations.findIndex(({ level }) => level === "notice");
  assert.ok(first < 0 || ranks.slice(0, first).every((rank) => rank < 2), "the worst come first");
  const waived = annotations.filter(({ file, title }) => file === "bad.json" && title.includes("read-only"));
  assert.deepEqual(waived, []);
});

test("GitLab's code quality has its fields, and no fingerprint twice", () => {
  const severities = ["info", "minor", "major", "critical", "blocker"];
  const schema = {
    type: "array",
    items: {
      type: "object",
      required: ["description", "check_name", "fingerprint", "severity", "location"],
      additionalProperties: false,
      properties: {
        description: { type: "string", minLength: 1 },
        check_name: { type: "string", minLength: 1 },
        fingerprint: { type: "string", minLength: 32 },
        severity: { enum: severities },
        location: {
          type: "object",
          required: ["path", "lines"],
          additionalProperties: false,
          properties: {
            path: { type: "string", pattern: "^(?![.]/)." },
            lines: {
              type: "object",
              required: ["begin"],
              additionalProperties: false,
              properties: { begin: { type: "integer", minimum: 1 }, end: { type: "integer", minimum: 1 } },
            },
          },
        },
      },
    },
  };
  const validate = new Ajv({ allErrors: true }).compile(schema);
  for (const args of [all, ["./bad.json"], ["good.json"], []]) {
    const entries = JSON.parse(check("gitlab", args).stdout);
    valid(validate, entries);
    assert.equal(new Set(entries.map((entry) => entry.fingerprint)).size, entries.length);
  }
  const entries = JSON.parse(check("gitlab").stdout);
  const controls = new Set(findings.map((finding) => finding.control));
  assert.equal(entries.filter((entry) => controls.has(entry.check_name)).length, findings.filter(isOpen).length);
});

/** The schema of a version of a custom resource, closed: what the API server would drop is an error. */
function resource(file, version) {
  const [document] = parseAllDocuments(data(file)).map((document) => document.toJS()).filter(Boolean);
  const schema = document.spec.versions.find((one) => one.name === version).schema.openAPIV3Schema;
  const close = (node) => {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map(close);
    const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, close(value)]));
    if (copy.type === "object" && copy.properties) copy.additionalProperties ??= false;
    return copy;
  };
  const closed = close(schema);
  // The API server's own part.
  closed.properties.metadata = { type: "object", required: ["name"], properties: { name: { pattern: "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$" } } };
  return { kind: document.spec.names.kind, group: document.spec.group, validate: new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(closed) };
}

for (const [format, file, version] of [
  ["openreports", "openreports.io_clusterreports.yaml", "v1alpha1"],
  ["policyreport", "wgpolicyk8s.io_clusterpolicyreports.yaml", "v1alpha2"],
]) {
  test(`${format} is what its custom resource definition takes`, () => {
    const { kind, group, validate } = resource(file, version);
    for (const args of [all, ["--node", "ip-10-0-0-1.ec2.internal", "bad.json"]]) {
      const list = JSON.parse(check(format, args).stdout);
      assert.deepEqual([list.apiVersion, list.kind], ["v1", "List"]);
      for (const item of list.items) {
        assert.deepEqual([item.apiVersion, item.kind], [`${group}/${version}`, kind]);
        valid(validate, item);
        for (const [word, count] of Object.entries(item.summary)) {
          assert.equal(item.results.filter((result) => result.result === word).length, count, word);
        }
      }
      const names = list.items.map((item) => item.metadata.name);
      assert.equal(new Set(names).size, names.length, "objects of one name would overwrite each other");
    }
    const [item] = JSON.parse(check(format, ["--node", "ip-10-0-0-1.ec2.internal", "bad.json"]).stdout).items;
    assert.deepEqual(item.scope, { apiVersion: "v1", kind: "Node", name: "ip-10-0-0-1.ec2.internal" });
  });
}

test("Markdown lets nothing of the inputs become markup", () => {
  const { stdout } = check("markdown");
  // Outside of code spans nothing opens a tag but our own.
  const bare = stdout.replaceAll(/`[^`\n]*`/g, "");
  const tags = [...bare.matchAll(/<[^>]*>/g)].map((match) => match[0]);
  assert.deepEqual([...new Set(tags)].sort(), ["</details>", "</summary>", "<details>", "<summary>"]);
  const rows = stdout.split("\n").filter((line) => line.startsWith("|"));
  assert.ok(rows.length > 2);
  for (const row of rows) assert.equal(row.replaceAll("\\|", "").split("|").length, 8, row);
});

test("the schemas that the command prints take what it reads and writes", () => {
  const schema = (name) =>
    JSON.parse(spawnSync(process.execPath, [cli, "schema", name], { encoding: "utf8" }).stdout);
  const compile = (name) => new Ajv2020({ strict: false, validateFormats: false }).compile(schema(name));
  valid(compile("report"), report);
  const [waivers] = parseAllDocuments(readFileSync(join(scratch, "waivers.yaml"), "utf8"), { schema: "core" });
  valid(compile("waivers"), waivers.toJS());
  assert.equal(compile("waivers")([{ control: "x" }]), false);
  check("json", ["bad.json", "--write-baseline", "baseline.json"]);
  const baseline = JSON.parse(readFileSync(join(scratch, "baseline.json"), "utf8"));
  valid(compile("baseline"), baseline);
  assert.ok(baseline.findings.length > 0);
  assert.equal(check("json", ["bad.json", "--baseline", "baseline.json"]).status, 0);
});

test("several reports of one run agree with each other", () => {
  const { status } = check("sarif", [
    "--output", "s.sarif", "--format", "junit", "--output", "j.xml", "--format", "json", "--output", "r.json", "bad.json",
  ]);
  assert.equal(status, 1);
  const open = JSON.parse(readFileSync(join(scratch, "r.json"), "utf8")).targets[0].findings.filter(isOpen);
  const [run] = JSON.parse(readFileSync(join(scratch, "s.sarif"), "utf8")).runs;
  assert.equal(run.results.filter((result) => !result.suppressions).length, open.length);
  assert.equal(readFileSync(join(scratch, "j.xml"), "utf8").match(/<failure /g).length, open.length);
});
