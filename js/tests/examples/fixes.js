import { readFileSync } from "node:fs";

const text = readFileSync("node.json", "utf8");

// #region
import { applyFixes, audit } from "kubelet-audit";

const { text: fixed, diff, applied, skipped } = applyFixes(text, audit(text), { unsafeFixes: false });
// #endregion

console.log(diff, fixed.length - text.length, applied.length, skipped.length);
