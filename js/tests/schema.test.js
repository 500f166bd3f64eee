// The generated schemas against real reports and real requests.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { pkg, readCases } from "./support.js";

const { audit } = await import(new URL("node.js", pkg));

const read = (name) => JSON.parse(readFileSync(new URL(`schema/${name}`, pkg), "utf8"));
// Formats such as `uint32` say how wide an integer is, which the schemas' own bounds say too.
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, validateFormats: false });
ajv.addFormat("uint8", true);
ajv.addFormat("uint32", true);
const report = ajv.compile(read("report-2.json"));
const request = ajv.compile(read("request-2.json"));

/** Refuses what the schema does not name, so that a field cannot be added to the report alone. */
function closed(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy.type === "object" && copy.properties && copy.additionalProperties === undefined) {
    copy.additionalProperties = false;
  }
  return copy;
}
const exact = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(
  closed({ ...read("report-2.json"), $id: "urn:kubelet-audit:test:closed" }),
);

test("reports are as their schema says, and have nothing besides", () => {
  let seen = 0;
  for (const { name, request } of readCases()) {
    let answer;
    try {
      answer = audit(request);
    } catch {
      continue;
    }
    seen += 1;
    assert.ok(report(answer), `${name}: ${ajv.errorsText(report.errors)}`);
    assert.ok(exact(answer), `${name}: ${JSON.stringify(exact.errors)}`);
  }
  assert.ok(seen > 20, `${seen} reports`);
});

test("requests are as their schema says", () => {
  for (const { name, request: one, expect } of readCases()) {
    if (typeof one === "string") continue;
    assert.equal(request(one), expect.bad !== true, `${name}: ${ajv.errorsText(request.errors)}`);
  }
});

test("every description of the types is in the schema", () => {
  const bare = [];
  const walk = (schema, path) => {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (!property.description) bare.push(`${path}.${name}`);
    }
    for (const [name, definition] of Object.entries(schema.$defs ?? {})) walk(definition, name);
  };
  for (const name of ["report-2.json", "request-2.json", "applied-2.json"]) walk(read(name), name);
  assert.deepEqual(bare, []);
});
