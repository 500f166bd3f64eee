// What a caller hands over, made plain: a copy that holds nothing but JSON's kinds of values.
//
// A caller's object can be anything: a class of a YAML library, a Map, a cycle, a field that is
// undefined, a getter that throws. Here each is taken for what it says, or refused with the place it
// stands at. Past this point nothing can surprise the module.

import { AuditError } from "./error.js";

// The readers stop at a nesting of 100, with an error that names the place; this bound only keeps a
// cycle from getting to them.
const DEPTH = 200;
// Objects that share parts grow when they are copied.
const VALUES = 2_000_000;
const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 64n - 1n;

/**
 * A copy of `value` in plain objects, arrays and scalars.
 *
 * Fields that are undefined are left out, as `JSON.stringify` does; half a surrogate pair becomes
 * U+FFFD, as text has it; a Map with strings for keys becomes an object.
 *
 * @param {unknown} value
 * @param {string} name what the caller calls it
 * @returns {unknown}
 */
export function plain(value, name) {
  return copy(value, { name, parent: undefined }, 0, { values: 0 });
}

/** @typedef {{ name: string | number, parent: Step | undefined }} Step */

/**
 * @param {unknown} value
 * @param {Step} step
 * @param {number} depth
 * @param {{ values: number }} count
 * @returns {unknown}
 */
function copy(value, step, depth, count) {
  count.values += 1;
  if (count.values > VALUES) {
    throw refused(step, `brings the request to more than ${VALUES} values`, "pass the text instead");
  }
  if (depth > DEPTH) {
    throw refused(step, `is nested more than ${DEPTH} deep, or holds itself`, "pass the text instead");
  }
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw refused(step, `is ${value}, which JSON does not have`, "pass a number or a string");
    case "bigint":
      if (value >= LEAST_INTEGER && value <= GREATEST_INTEGER) return value;
      throw refused(step, "is an integer of more than 64 bits", "pass a number or a string");
    case "undefined":
      throw refused(step, "is undefined", "pass null, or leave it out");
    case "object":
      return value === null ? null : composite(value, step, depth, count);
    default:
      throw refused(step, `is a ${typeof value}`, "pass data");
  }
}

/**
 * @param {object} value
 * @param {Step} step
 * @param {number} depth
 * @param {{ values: number }} count
 */
function composite(value, step, depth, count) {
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => copy(item, { name: index, parent: step }, depth + 1, count));
  }
  if (ArrayBuffer.isView(value) || tag(value) === "ArrayBuffer" || tag(value) === "SharedArrayBuffer") {
    throw refused(
      step,
      `is bytes (${tag(value)}), where text is taken`,
      'decode them first: new TextDecoder("utf-8", { fatal: true }).decode(bytes)',
    );
  }
  // Without a prototype, so that `__proto__` is a key like any other.
  const result = Object.create(null);
  for (const [key, item] of entries(value, step)) {
    if (item !== undefined) result[wellFormed(key)] = copy(item, { name: key, parent: step }, depth + 1, count);
  }
  return result;
}

/**
 * @param {object} value
 * @param {Step} step
 * @returns {Iterable<[string, unknown]>}
 */
function entries(value, step) {
  if (value instanceof Map) {
    return Array.from(value, ([key, item]) => {
      if (typeof key !== "string") {
        throw refused(step, `is a Map with a key that is a ${typeof key}`, "pass a Map with strings for keys");
      }
      return [key, item];
    });
  }
  const prototype = Object.getPrototypeOf(value);
  // The second form is `Object.prototype` of another realm: a frame, a test runner's sandbox.
  if (prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null) {
    return Object.entries(value);
  }
  const kind = prototype.constructor?.name || tag(value);
  throw refused(step, `is a ${kind}`, "pass a plain object (a YAML document's toJSON(), JSON.parse's answer)");
}

/** @param {object} value */
function tag(value) {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** @param {string} text */
export function wellFormed(text) {
  return typeof text.toWellFormed === "function" ? text.toWellFormed() : text;
}

/**
 * @param {Step} step
 * @param {string} what
 * @param {string} help
 */
function refused(step, what, help) {
  let path = "";
  for (let at = /** @type {Step | undefined} */ (step); at !== undefined; at = at.parent) {
    const { name } = at;
    if (typeof name === "number") path = `[${name}]${path}`;
    else if (at.parent === undefined) path = name + path;
    else path = (/^[\w$]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`) + path;
  }
  return new AuditError("invalid-argument", `${path} ${what}`, { path, help });
}
