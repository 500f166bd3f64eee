// The entry of the GitHub Action. It needs Node and npx alone: the command comes as an npm package.

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const USAGE = 2;
const INTERNAL = 101;
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
  const directory = resolve(input("working-directory") || ".");
  const scratch = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), "kubelet-audit-"));
  const report = join(scratch, "report.json");
  const markdown = join(scratch, "summary.md");

  const args = ["check"];
  const add = (option, value) => value && args.push(`--${option}=${value}`);
  for (const name of ["benchmark", "control", "level", "basis", "kubelet-version", "config-dir", "fail-on", "waivers", "baseline"]) {
    add(name, input(name));
  }
  for (const path of lines("args-from")) add("args-from", path);
  args.push(`--format=${flag("annotations") ? "github" : "text"}`);
  args.push("--format=json", `--output=${report}`, "--format=markdown", `--output=${markdown}`);
  for (const [name, format] of [["sarif-file", "sarif"], ["junit-file", "junit"]]) {
    if (input(name)) args.push(`--format=${format}`, `--output=${input(name)}`);
  }
  // What follows are names, whatever they start with.
  args.push("--", ...files);

  const spec = input("package") || "kubelet-audit";
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const { status, error, signal } = spawnSync(npx, ["--yes", `--package=${spec}`, "kubelet-audit", ...args], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error) throw error;
  const code = status ?? INTERNAL;
  if (signal) process.stdout.write(`::error::kubelet-audit was ended by ${signal}\n`);

  output("exit-code", code);
  if (existsSync(report) && statSync(report).size > 0) {
    const { summary } = JSON.parse(readFileSync(report, "utf8"));
    for (const name of ["fail", "error", "pass", "unreadable"]) output(name, summary[name]);
    output("waived", summary.waived ?? 0);
    output("report", report);
  }
  if (input("sarif-file") && existsSync(resolve(directory, input("sarif-file")))) {
    output("sarif-file", resolve(directory, input("sarif-file")));
  }
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
