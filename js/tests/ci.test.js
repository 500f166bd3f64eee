// What CI services run, as they run it: the action's entry with the runner's variables, and the script of
// GitLab's template in a shell. Both take the command from the packed package, by npx.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { compliant, config, pkgPath } from "./support.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const npm = { npm_config_cache: join(scratch, "npm"), npm_config_offline: "true", npm_config_update_notifier: "false" };
const { PATH, HOME } = process.env;
const packed = JSON.parse(
  execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch], {
    cwd: pkgPath,
    encoding: "utf8",
    env: { PATH, HOME, ...npm },
  }),
);
const tarball = join(scratch, packed[0].filename);

const repository = join(scratch, "repository");
mkdirSync(join(repository, "nodes"), { recursive: true });
writeFileSync(join(repository, "nodes/good.json"), compliant());
writeFileSync(join(repository, "nodes/bad node.json"), config({ readOnlyPort: 10255 }));
writeFileSync(join(repository, "waivers.yaml"), "- {control: read-only-port, target: '**', reason: r, expires: 2099-01-01}\n");

const action = parse(readFileSync(join(root, "action.yml"), "utf8"));

/** Runs the action as the runner does: every input has a variable, the unset ones their defaults. */
function act(inputs) {
  for (const name of Object.keys(inputs)) assert.ok(action.inputs[name], `action.yml has no input ${name}`);
  const directory = mkdtempSync(join(scratch, "runner-"));
  const env = { PATH, HOME, ...npm, GITHUB_ACTIONS: "true", RUNNER_TEMP: directory };
  for (const [name, { default: value }] of Object.entries(action.inputs)) {
    env[`INPUT_${name.toUpperCase()}`] = inputs[name] ?? value ?? "";
  }
  for (const name of ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"]) {
    env[name] = join(directory, name);
    writeFileSync(env[name], "");
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, action.runs.main)], { cwd: repository, env, encoding: "utf8" });
  const outputs = Object.fromEntries(
    readFileSync(env.GITHUB_OUTPUT, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  for (const name of Object.keys(outputs)) assert.ok(action.outputs[name], `action.yml has no output ${name}`);
  return { status, stdout, stderr, outputs, summary: readFileSync(env.GITHUB_STEP_SUMMARY, "utf8") };
}

test("the action annotates, summarises and tells by its outputs", () => {
  const { status, stdout, stderr, outputs, summary } = act({
    files: "nodes/good.json\n  nodes/bad node.json  \n",
    package: tarball,
    "sarif-file": "out.sarif",
    "junit-file": "out.xml",
  });
  assert.equal(status, 1, stderr + stdout);
  assert.match(stdout, /^::(error|warning|notice) title=[^,]*,file=nodes\/bad node\.json,line=/m);
  assert.equal(outputs["exit-code"], "1");
  assert.ok(Number(outputs.fail) > 0 && Number(outputs.pass) > 0);
  assert.deepEqual([outputs.unreadable, outputs.waived], ["0", "0"]);
  const { results } = JSON.parse(readFileSync(join(repository, outputs["sarif-file"]), "utf8")).runs[0];
  assert.equal(results.length, Number(outputs.fail) + Number(outputs.error));
  assert.equal(JSON.parse(readFileSync(outputs.report, "utf8")).targets.length, 2);
  assert.ok(existsSync(join(repository, "out.xml")));
  assert.match(summary, /^# kubelet-audit\n/);
  assert.match(summary, /\| `nodes\/bad node\.json` \|/);
});

test("the action's other inputs reach the command", () => {
  const rest = { package: tarball, annotations: "false", summary: "false" };
  const one = act({ ...rest, files: "nodes/bad node.json", control: "read-only-port", waivers: "waivers.yaml" });
  assert.deepEqual([one.status, one.outputs.waived, one.summary], [0, "1", ""], one.stderr);
  assert.match(one.stdout, /1 waived/);
  assert.equal(act({ ...rest, files: "good.json", "working-directory": "nodes" }).status, 0);
  assert.equal(act({ ...rest, files: "nodes/bad node.json", "fail-on": "never" }).status, 0);
  // A name is no option, whatever it starts with.
  const dashed = act({ ...rest, files: "--fail-on=never" });
  assert.deepEqual([dashed.status, dashed.outputs.unreadable], [2, "1"]);
});

test("the action says what is wrong with its inputs", () => {
  const empty = act({ files: " \n", package: tarball });
  assert.equal(empty.status, 2);
  assert.match(empty.stdout, /^::error title=kubelet-audit::the input files is empty/);
  assert.match(act({ files: "x", summary: "perhaps", package: tarball }).stdout, /^::error .*true or false, not perhaps/m);
  const unknown = act({ files: "nodes", benchmark: "cis-0.0", package: tarball });
  assert.equal(unknown.status, 2);
});

test("a command that could not run is exit code 2 with a message, in the action and in GitLab", () => {
  const missing = join(scratch, "no-such-package-1.0.0.tgz");
  const action = act({ files: "nodes", package: missing });
  assert.deepEqual([action.status, action.outputs["exit-code"], action.outputs.fail], [2, "2", undefined]);
  assert.match(action.stdout, /^::error title=kubelet-audit::kubelet-audit could not run: /m);
  const gitlab = template({ KUBELET_AUDIT_FILES: "nodes", KUBELET_AUDIT_PACKAGE: missing });
  assert.equal(gitlab.status, 2, gitlab.stderr);
  assert.match(gitlab.stderr, /kubelet-audit could not run: /);
});

test("with a working directory, results name files from the root of the repository", () => {
  const { status, stdout, outputs } = act({
    files: "bad node.json",
    package: tarball,
    "working-directory": "nodes",
    "sarif-file": "in.sarif",
  });
  assert.equal(status, 1);
  assert.match(stdout, /file=nodes\/bad node\.json,/);
  assert.equal(outputs["sarif-file"], "nodes/in.sarif");
});

/** The script of GitLab's template, as its runner starts it. */
function template(variables) {
  const job = parse(readFileSync(join(root, "examples/ci/kubelet-audit.gitlab-ci.yml"), "utf8"))[".kubelet-audit"];
  const env = { PATH, HOME, ...npm, ...job.variables, KUBELET_AUDIT_PACKAGE: tarball, ...variables };
  return { job, ...spawnSync("sh", ["-e", "-c", job.script.join("\n")], { cwd: repository, env, encoding: "utf8" }) };
}

test("GitLab's template runs and leaves the reports that it names", () => {
  const bad = template({ KUBELET_AUDIT_FILES: "nodes/good.json 'nodes/bad node.json'" });
  assert.equal(bad.status, 1, bad.stderr);
  assert.match(bad.stdout, /\n2 targets, \d+ checks: /);
  const { codequality, junit } = bad.job.artifacts.reports;
  assert.ok(JSON.parse(readFileSync(join(repository, codequality), "utf8")).length > 0);
  assert.match(readFileSync(join(repository, junit), "utf8"), /<failure /);
  const waived = template({ KUBELET_AUDIT_FILES: "nodes/*.json", KUBELET_AUDIT_ARGS: "--control read-only-port --waivers waivers.yaml" });
  assert.equal(waived.status, 0, waived.stdout + waived.stderr);
});

test("the examples name what there is", () => {
  const { version } = JSON.parse(readFileSync(join(pkgPath, "package.json"), "utf8"));
  const workflow = parse(readFileSync(join(root, "examples/ci/github-workflow.yml"), "utf8"));
  const step = workflow.jobs.audit.steps.find((one) => one.uses?.startsWith("kubelet-audit/"));
  assert.equal(step.uses, `kubelet-audit/kubelet-audit@v${version}`);
  for (const name of Object.keys(step.with)) assert.ok(action.inputs[name], name);
  assert.equal(action.inputs.package.default, `kubelet-audit@${version}`);
  const template = readFileSync(join(root, "examples/ci/kubelet-audit.gitlab-ci.yml"), "utf8");
  assert.ok(template.includes(`KUBELET_AUDIT_PACKAGE: kubelet-audit@${version}`) && template.includes(`/v${version}/`));
});
