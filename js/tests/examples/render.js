import { readFileSync } from "node:fs";

const text = readFileSync("node.json", "utf8");

// #region
import { audit, explain, render } from "kubelet-audit";

const report = audit(text);
console.log(render(report, "markdown")); // or text, json, sarif, junit ...: what `--format` takes
console.log(explain("read-only-port")?.why);
// #endregion
