// From a report's positions to those of an editor.
//
// A report counts bytes of UTF-8 from 0, and lines and UTF-16 columns from 1. CodeMirror counts UTF-16
// units in a document whose line breaks are one unit each, whatever the file had: so a document is entered
// by line and column, which a line break's length does not shift. A plain string is entered by bytes.

/**
 * What is needed of a CodeMirror `Text`.
 * @typedef {{
 *   readonly lines: number,
 *   readonly length: number,
 *   line(number: number): { readonly from: number, readonly to: number, readonly text: string },
 *   lineAt(position: number): { readonly from: number, readonly number: number, readonly text: string },
 * }} Lines
 */

/**
 * The position of a point in a document; the end of the line or of the document where the point is past it.
 * @param {Lines} doc
 * @param {{ line: number, column: number }} point
 * @returns {number}
 */
export function positionOf(doc, { line, column }) {
  if (line > doc.lines) return doc.length;
  const { from, to } = doc.line(Math.max(line, 1));
  return Math.min(from + Math.max(column - 1, 0), to);
}

/**
 * The positions of a range, with text between them wherever there is any: an empty range (where a parser
 * gave up, say) cannot be seen or pointed at, so it takes the word after it, or else the one before.
 * @param {Lines} doc
 * @param {import("./types.js").Range} range
 * @returns {{ from: number, to: number }}
 */
export function spanOf(doc, { start, end }) {
  const from = positionOf(doc, start);
  const to = Math.max(positionOf(doc, end), from);
  return from < to ? { from, to } : wordAt(doc, from);
}

/**
 * @param {Lines} doc
 * @param {number} position
 */
function wordAt(doc, position) {
  const line = doc.lineAt(position);
  const after = /^\S+/.exec(line.text.slice(position - line.from));
  if (after) return { from: position, to: position + after[0].length };
  for (let number = line.number; number > 0; number -= 1) {
    const { from, text } = doc.line(number);
    const before = number === line.number ? text.slice(0, position - from) : text;
    const word = /\S+(?=\s*$)/.exec(before);
    if (word) return { from: from + word.index, to: from + word.index + word[0].length };
  }
  return { from: position, to: position };
}

/**
 * The index in a string of the character that holds the byte at `offset` of its UTF-8; the string's length
 * where the offset is past the end.
 * @param {string} text
 * @param {number} offset
 * @returns {number}
 */
export function indexOfByte(text, offset) {
  let index = 0;
  for (let bytes = 0; index < text.length; ) {
    const code = /** @type {number} */ (text.codePointAt(index));
    // Half a surrogate pair goes over as U+FFFD, which has three bytes as well.
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > offset) break;
    index += code < 0x10000 ? 1 : 2;
  }
  return index;
}
