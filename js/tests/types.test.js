// TypeScript's users: a consumer that reads every field, and mistakes that have to be refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pkg } from "./support.js";

const declarations = readFileSync(new URL("types.d.ts", pkg), "utf8");
const consumer = ["consumer.ts", "catalogue.ts"]
  .map((name) => readFileSync(new URL(`consumer/${name}`, import.meta.url), "utf8"))
  .join("\n");

test("the consumer (which tsc checks) uses every field of every type", () => {
  const names = [...declarations.matchAll(/^  (\w+)\??: /gm)].map((match) => match[1]);
  assert.ok(names.length > 60, String(names.length));
  const unused = [...new Set(names)].filter((name) => !new RegExp(`[.{,\\s]${name}\\b`).test(consumer));
  assert.deepEqual(unused, []);
});

test("the declarations have no enum, which would be undefined at run time", () => {
  assert.doesNotMatch(declarations, /\benum\b/);
  assert.doesNotMatch(declarations, /\bbigint\b/);
});
