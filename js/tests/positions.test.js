// From a report's positions to an editor's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, Text } from "@codemirror/state";
import { indexOfByte, positionOf, spanOf } from "../src/positions.js";

const lines = (...texts) => Text.of(texts);
const point = (line, column) => ({ offset: 0, line, column });
const textAt = (doc, start, end) => {
  const { from, to } = spanOf(doc, { start, end });
  return doc.sliceString(from, to);
};

test("columns are UTF-16 units: umlauts are one, emoji two", () => {
  const doc = lines("ä: 1", "😀é: true");
  assert.equal(positionOf(doc, point(1, 4)), 3);
  assert.equal(textAt(doc, point(2, 6), point(2, 10)), "true");
});

test("CR LF, LF and CR count as one break each, as in the editor", () => {
  const { doc } = EditorState.create({ doc: "a: 1\r\nb: 2\rc: 3\nd: 4" });
  for (const [index, value] of ["1", "2", "3", "4"].entries()) {
    assert.equal(textAt(doc, point(index + 1, 4), point(index + 1, 5)), value);
  }
});

test("what is past a line or the document ends with it", () => {
  const doc = lines("ab", "cd");
  assert.equal(positionOf(doc, point(1, 99)), 2);
  assert.equal(positionOf(doc, point(99, 1)), 5);
  assert.equal(positionOf(doc, point(0, 0)), 0);
  assert.deepEqual(spanOf(doc, { start: point(2, 1), end: point(99, 99) }), { from: 3, to: 5 });
});

test("an end before its start does not turn the range round", () => {
  const { from, to } = spanOf(lines("one two"), { start: point(1, 5), end: point(1, 1) });
  assert.deepEqual([from, to], [4, 7]);
});

test("an empty range takes the word after it, or the one before", () => {
  assert.equal(textAt(lines("a: [b c"), point(1, 4), point(1, 4)), "[b");
  assert.equal(textAt(lines("a: [", "", "  "), point(1, 5), point(1, 5)), "[");
  assert.equal(textAt(lines('{"a":', "", "  "), point(3, 3), point(3, 3)), '{"a":');
  assert.equal(textAt(lines(""), point(1, 1), point(1, 1)), "");
  assert.equal(textAt(lines("  ", ""), point(2, 1), point(2, 1)), "");
});

test("bytes of UTF-8 become indices of a string", () => {
  for (const text of ["", "abc", "ä€😀z\r\nx", "\ud800a"]) {
    let bytes = 0;
    let index = 0;
    for (const character of text) {
      assert.equal(indexOfByte(text, bytes), index, JSON.stringify([text, index]));
      bytes += Buffer.byteLength(character);
      index += character.length;
    }
    assert.equal(indexOfByte(text, bytes), text.length);
    assert.equal(indexOfByte(text, bytes + 9), text.length);
  }
  assert.equal(indexOfByte("ä!", 1), 0, "within a character");
});
