// `render` as its callers meet it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { config, pkg, readCases } from "./support.js";

const { audit, AuditError, render } = await import(new URL("node.js", pkg));
const { auditToJson, exports } = await import(new URL("core.js", pkg));

const report = audit(config({ readOnlyPort: 10255 }));

/** What a call throws. */
function refused(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof AuditError, String(error));
    return error;
  }
  return assert.fail("it is taken");
}

test("a report is an object or its JSON text", () => {
  const markdown = render(report, "markdown");
  assert.match(markdown, /^#/m);
  assert.match(markdown, /read-only port/i);
  assert.equal(render(JSON.stringify(report), "markdown"), markdown);
  assert.equal(render(new Map(Object.entries(report)), "markdown"), markdown);
});

test("JSON read and written again is the same", () => {
  for (const { name, request } of readCases()) {
    if (typeof request !== "string" && (request === null || typeof request !== "object" || Array.isArray(request))) continue;
    const json = auditToJson(request);
    assert.equal(render(json, "json"), `${json}\n`, name);
  }
});

test("the formats are those that the types declare", () => {
  const listed = /expected one of (.*)$/.exec(refused(() => render(report, "xml")).message)[1].split(", ");
  const declared = /type ReportFormat =([^;]*);/.exec(readFileSync(new URL("index.d.ts", pkg), "utf8"))[1];
  assert.deepEqual(JSON.parse(`[${declared.split("|").slice(1)}]`), listed);
  for (const format of listed) assert.ok(render(report, format).length > 0, format);
});

test("fields of a later minor version do not matter", () => {
  const later = { ...report, schemaVersion: "2.9", more: { than: "is known" } };
  assert.equal(render(later, "text"), render(report, "text"));
});

test("what is no report or no format is refused, and the instance is not replaced", () => {
  const { memory } = exports();
  for (const [given, format, message] of [
    [report, "xml", /^unknown format "xml"; expected one of text, json, /],
    [report, undefined, /^unknown format "undefined"/],
    ["", "text", /^invalid report: EOF/],
    [{}, "text", /^invalid report: missing field `schemaVersion`/],
    [[], "text", /^invalid report: /],
    [{ ...report, schemaVersion: "1.0" }, "text", /^invalid report: unsupported schemaVersion 1.0/],
    [undefined, "text", /^report is undefined/],
    [{ ...report, targets: new Date() }, "text", /^report.targets is a Date/],
  ]) {
    const { code, message: said } = refused(() => render(given, format));
    assert.equal(code, "invalid-argument", said);
    assert.match(said, message);
  }
  assert.equal(exports().memory, memory);
});
