// The extension in an editor, with an `audit` that the test answers for: slow, out of turn, failing.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launch } from "./support.js";

let browser;
let page;
let bundle;

before(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { EditorView } from "@codemirror/view";
        import { forceLinting } from "@codemirror/lint";
        import { kubeletLinter, refreshKubeletLint } from "./src/codemirror.js";
        // A finding on every X, and an error on every ?, which makes the text unreadable.
        const issue = (text, piece) => {
          const index = text.indexOf(piece);
          const point = (offset) => ({ offset, line: 1, column: offset + 1 });
          return { source: "config", range: { start: point(index), end: point(index + piece.length) } };
        };
        const report = (text, message) => ({ targets: [{
          source: "config",
          errors: text.includes("?") ? [{ code: "syntax", severity: "error", message, location: issue(text, "?") }] : [],
          findings: text.includes("X") ? [{
            control: "x", title: "t", status: "fail", benchmark: { number: "1", verdict: "fail" },
            effective: { verdict: "no", missing: [], notes: [] }, message, why: "w", fix: "",
            evidence: [{ path: "x", decided: true, location: issue(text, "X") }],
          }] : [],
        }] });
        window.make = (options = {}) => {
          window.asked = [];
          window.told = [];
          const view = new EditorView({ parent: document.body, extensions: [kubeletLinter({
            delay: 10,
            audit: (text) => new Promise((resolve, reject) => asked.push({
              text, answer: (message) => resolve(report(text, message)), fail: (message) => reject(new Error(message)),
            })),
            onReport: (report) => told.push(report ? "report" : "nothing"),
            onError: (error) => told.push(error.message),
            ...options,
          })] });
          window.write = (insert) => {
            view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
            forceLinting(view);
          };
          window.type = (from, insert) => view.dispatch({ changes: { from, insert } });
          window.lint = () => forceLinting(view);
          window.refresh = () => { refreshKubeletLint(view); forceLinting(view); };
          window.settled = () => new Promise((resolve) => setTimeout(resolve, 30));
          window.shown = (kind) => [...document.querySelectorAll(".cm-lintRange-" + kind)].map((one) => one.textContent).join("");
        };`,
      resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "iife",
  });
  bundle = outputFiles[0].text;
  browser = await launch();
});

after(() => browser?.close());

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  page.on("pageerror", (error) => assert.fail(error));
  await page.evaluate(bundle);
});

test("an answer to an older text is dropped", async () => {
  const [first, second] = await page.evaluate(async () => {
    make();
    write("X one");
    write("two X");
    asked[0].answer("old");
    await settled();
    const first = [shown("error"), told.length];
    asked[1].answer("new");
    await settled();
    return [first, [shown("error"), told.length]];
  });
  assert.deepEqual(first, ["", 0]);
  assert.deepEqual(second, ["X", 1]);
});

test("of two answers to one text, the one to the newer question counts, whichever comes last", async () => {
  const told = await page.evaluate(async () => {
    make();
    write("X");
    refresh();
    asked[1].answer("new");
    await settled();
    asked[0].answer("old");
    await settled();
    return [asked.length, window.told.length, shown("error")];
  });
  assert.deepEqual(told, [2, 1, "X"]);
});

test("an unreadable text keeps the last findings in grey, at their places after the edit", async () => {
  const seen = await page.evaluate(async () => {
    make();
    write("ab X");
    asked[0].answer("bad");
    await settled();
    type(0, "?? ");
    lint();
    asked[1].answer("broken");
    await settled();
    const stale = [...document.querySelectorAll(".cm-kubelet-stale")].map((one) => one.textContent);
    return [shown("error"), stale];
  });
  assert.deepEqual(seen, ["?", ["X"]]);
});

test("an audit that fails is shown and told, and the next one works again", async () => {
  const seen = await page.evaluate(async () => {
    make();
    write("X");
    asked[0].fail("it broke");
    await settled();
    const first = shown("error");
    write("X again");
    asked[1].answer("fine");
    await settled();
    return [first, told, shown("error")];
  });
  assert.deepEqual(seen, ["X", ["it broke", "report"], "X"]);
});

test("a request of nothing asks nobody and shows nothing; one that throws is told", async () => {
  const seen = await page.evaluate(async () => {
    make({ request: (text) => (text === "" ? undefined : JSON.parse(text)) });
    write("{");
    await settled();
    write("");
    await settled();
    return [asked.length, told.length, told.at(-1), document.querySelectorAll(".cm-lintRange").length];
  });
  assert.deepEqual(seen, [0, 2, "nothing", 0]);
});
