// The entry of the GitHub Action. It needs Node and npx alone: the command comes as an npm package.

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Wrong usage, or the command could not run: never the code of findings. */
const USAGE = 2;
const CODES = [0, 1, 2, 3];
/** GitHub takes one MiB of a step's summary. */
const MOST_SUMMARY = 1024 * 1024;

/** An input as the runner hands it over. */
function input(name) {
  return (process.env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] ?? "").trim();
}

const lines = (name) =>
  input(name)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** @returns {boolean} */
function flag(name) {
  const value = input(name).toLowerCase();
  if (["", "true", "yes", "on"].includes(value)) return true;
  if (["false", "no", "off"].includes(value)) return false;
  throw new Error(`the input ${name} is true or false, not ${value}`);
}

/** A workflow command's data. */
const escaped = (text) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

function output(name, value) {
  const file = process.env.GITHUB_OUTPUT;
  // A delimiter that the value cannot hold: values are numbers and paths, which have no line breaks.
  if (String(value).includes("\n")) throw new Error(`the output ${name} has a line break`);
  if (file) appendFileSync(file, `${name}=${value}\n`);
}

function main() {
  const files = lines("files");
  if (files.length === 0) throw new Error("the input files is empty: name files or directories, one on each line");
  // The command runs where the repository is, so that annotations and SARIF have the repository's paths.
  const directory = input("working-directory") || ".";
  const at = (path) => (path === "" || isAbsolute(path) ? path : join(directory, path));
  const scratch = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), "kubelet-audit-"));
  const report = join(scratch, "report.json");
  const markdown = join(scratch, "summary.md");

  const args = ["check"];
  const add = (option, value) => value && args.push(`--${option}=${value}`);
  for (const name of ["benchmark", "control", "level", "basis", "kubelet-version", "fail-on"]) add(name, input(name));
  for (const name of ["config-dir", "waivers", "baseline"]) add(name, at(input(name)));
  for (const path of lines("args-from")) add("args-from", at(path));
  args.push(`--format=${flag("annotations") ? "github" : "text"}`);
  args.push("--format=json", `--output=${report}`, "--format=markdown", `--output=${markdown}`);
  for (const [name, format] of [["sarif-file", "sarif"], ["junit-file", "junit"]]) {
    if (input(name)) args.push(`--format=${format}`, `--output=${at(input(name))}`);
  }
  // What follows are names, whatever they start with.
  args.push("--", ...files.map(at));

  const spec = input("package") || "kubelet-audit";
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const { status, error, signal } = spawnSync(npx, ["--yes", `--package=${spec}`, "kubelet-audit", ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const isReported = existsSync(report) && statSync(report).size > 0;
  const code = CODES.includes(status) && (isReported || status > 1) ? status : USAGE;
  output("exit-code", code);
  if (error) throw new Error(`kubelet-audit could not run: ${error.message}`);
  if (signal) throw new Error(`kubelet-audit did not finish: it was ended by ${signal}`);
  if (code !== status) throw new Error(`kubelet-audit could not run: npx ${spec} ended with code ${status} and without a report`);

  if (isReported) {
    const { summary } = JSON.parse(readFileSync(report, "utf8"));
    for (const name of ["fail", "error", "pass", "unreadable"]) output(name, summary[name]);
    output("waived", summary.waived ?? 0);
    output("report", report);
  }
  if (input("sarif-file") && existsSync(at(input("sarif-file")))) output("sarif-file", at(input("sarif-file")));
  if (flag("summary") && process.env.GITHUB_STEP_SUMMARY && existsSync(markdown)) {
    const text = readFileSync(markdown, "utf8");
    const cut = Buffer.byteLength(text) > MOST_SUMMARY;
    const most = Buffer.from(text).subarray(0, MOST_SUMMARY - 1024).toString().replace(/[^\n]*$/, "");
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, cut ? `${most}\n\nThe summary is cut here; the report has the rest.\n` : text);
  }
  return code;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stdout.write(`::error title=kubelet-audit::${escaped(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = USAGE;
}
