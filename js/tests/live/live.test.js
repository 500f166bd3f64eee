// Live nodes: the command in Node, a real kubectl (named in KUBECTL), and a stand-in for the API server.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compliant, config, pkg, seed } from "../support.js";

const { line } = await import(new URL("live.js", pkg));
const cli = new URL("cli.js", pkg).pathname;
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
const servers = [];
after(() => {
  for (const server of servers) server.stdin.end();
  rmSync(scratch, { recursive: true, force: true });
});

assert.ok(process.env.KUBECTL, "KUBECTL names the kubectl to test with: run cargo x test, which installs one");
mkdirSync(join(scratch, "bin"));
mkdirSync(join(scratch, "empty"));
symlinkSync(process.env.KUBECTL, join(scratch, "bin/kubectl"));

/** A cluster of these nodes: the environment that kubectl finds it by, and what its server was asked. */
async function cluster(nodes, ...options) {
  const program = new URL("api-server.js", import.meta.url).pathname;
  const server = spawn(process.execPath, [program, JSON.stringify(nodes), ...options], { stdio: ["pipe", "pipe", "inherit"] });
  servers.push(server);
  const address = await new Promise((resolve) => server.stdout.once("data", (data) => resolve(String(data).trim())));
  const home = mkdtempSync(join(scratch, "home-"));
  const named = (name, rest) => ({ name, ...rest });
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [named("here", { cluster: { server: address } }), named("gone", { cluster: { server: "http://127.0.0.1:1" } })],
    users: [named("auditor", { user: {} })],
    contexts: ["here", "gone"].map((name) => named(name, { context: { cluster: name, user: "auditor" } })),
    "current-context": "here",
  };
  writeFileSync(join(home, "config"), JSON.stringify(kubeconfig));
  const env = { PATH: join(scratch, "bin"), HOME: home, KUBECONFIG: join(home, "config") };
  return { env, requests: async () => (await fetch(`${address}/asked`)).json() };
}

function check(env, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "check", ...args], { cwd: scratch, env, encoding: "utf8", maxBuffer: 1 << 28 });
  return { status, stdout, stderr, report: stdout.startsWith("{") ? JSON.parse(stdout) : undefined };
}

const configz = (text) => JSON.stringify({ kubeletconfig: JSON.parse(text) });
const good = configz(compliant());
const bad = configz(config({}));
const refused = { status: 403, reason: "Forbidden", message: 'nodes "forbidden" is forbidden: User "auditor" cannot get resource "nodes/proxy"' };
const broken = { status: 503, reason: "ServiceUnavailable", message: "error trying to reach service: dial tcp 10.0.0.7:10250: connect: connection refused" };

const fleet = {
  good: { labels: { pool: "web" }, answers: [good] },
  bad: { version: "v1.29.3-eks-ae9a62a", labels: { pool: "web" }, answers: [bad] },
  recovers: { answers: [{ status: 500, reason: "InternalError", message: "try again" }, good] },
  down: { answers: [broken] },
  forbidden: { answers: [refused] },
  garbage: { answers: [{ raw: "<html>502 Bad Gateway</html>" }] },
  "half-json": { answers: [{ raw: good.slice(0, 100) }] },
  empty: { answers: [{ raw: "" }] },
  slow: { answers: [{ delay: 20_000, text: good }] },
};

test("every node of a cluster is a target, whatever it answers, and none of those is a pass", async () => {
  const { env, requests } = await cluster(fleet);
  const { status, stderr, report } = check(env, "--all-nodes", "--timeout", "4", "--retries", "1", "--concurrency", "3", "--format", "json");
  assert.equal(stderr, "");
  assert.equal(status, 2);
  const told = Object.fromEntries(report.targets.map((target) => [target.node, target.errors[0]?.code ?? seed(target).status]));
  assert.deepEqual(Object.keys(told), Object.keys(fleet).sort(), "in the order of their names");
  assert.deepEqual(told, {
    bad: "fail",
    down: "no-answer",
    empty: "no-answer",
    forbidden: "no-answer",
    garbage: "no-kubelet",
    good: "pass",
    "half-json": "json-syntax",
    recovers: "pass",
    slow: "no-answer",
  });
  const target = (name) => report.targets.find((one) => one.node === name);
  assert.equal(target("bad").kubelet.version, "1.29");
  assert.equal(target("good").kubelet.version, "1.31");
  assert.equal(target("good").source, "nodes/good");
  const reason = (name) => target(name).errors[0].message;
  assert.match(reason("down"), /connection refused \(asked 2 times\)$/);
  assert.match(reason("forbidden"), /^node `forbidden` did not answer: Error from server \(Forbidden\): .*nodes\/proxy"$/);
  assert.match(reason("slow"), /no answer within 4 s \(asked 2 times\)$/);
  assert.match(reason("empty"), /the answer is empty$/);
  assert.equal(report.summary.unreadable, 6);
  const { asked, most } = await requests();
  assert.equal(asked.forbidden, 1, "what is forbidden is not asked again");
  assert.equal(asked.recovers, 2);
  assert.equal(asked.down, 2);
  assert.ok(most <= 3, `${most} at once`);
});

test("nodes are chosen by label or by name", async () => {
  const { env, requests } = await cluster(fleet);
  const chosen = check(env, "--selector", "pool=web", "--format", "json");
  assert.deepEqual(chosen.report.targets.map((one) => one.node), ["bad", "good"]);
  assert.equal(chosen.status, 1);
  const named = check(env, "--live", "good", "--live", "nowhere", "--live", "../secrets", "--format", "json");
  assert.deepEqual(named.report.targets.map((one) => [one.node, one.errors[0]?.code]), [
    ["good", undefined],
    ["nowhere", "no-answer"],
    ["../secrets", "no-answer"],
  ]);
  assert.equal(named.report.targets[0].kubelet.version, "1.31");
  assert.equal(named.status, 2);
  assert.deepEqual(Object.keys((await requests()).asked).sort(), ["bad", "good"]);
  const older = check(env, "--live", "good", "--kubelet-version", "1.28", "--format", "json");
  assert.equal(older.report.targets[0].kubelet.version, "1.28");
  assert.equal(older.status, 0);
});

test("nodes that may not be listed can still be named", async () => {
  const { env } = await cluster(fleet, "no-list");
  const named = check(env, "--live", "good", "--format", "json");
  assert.equal(named.status, 0);
  assert.equal(named.report.targets[0].kubelet.versionAssumed, true);
  const { status, report } = check(env, "--all-nodes", "--format", "json");
  assert.equal(status, 2);
  assert.equal(report.targets.length, 1);
  assert.equal(report.targets[0].errors[0].code, "no-answer");
  assert.match(report.targets[0].errors[0].message, /^cannot query nodes: Error from server \(Forbidden\)/);
});

test("a cluster that is not there, a context that is not there, no kubectl", async () => {
  const { env } = await cluster({});
  const none = check(env, "--all-nodes");
  assert.equal(none.status, 3);
  assert.match(none.stderr, /^error: nothing to audit: no nodes match\n/);
  for (const [context, reason] of [["gone", /refused/], ["typo", /context was not found for specified context: typo/]]) {
    const { status, report } = check(env, "--all-nodes", "--context", context, "--retries", "0", "--format", "json");
    assert.equal(status, 2);
    assert.match(report.targets[0].errors[0].message, reason);
  }
  const { status, stdout } = check({ ...env, PATH: join(scratch, "empty") }, "--all-nodes");
  assert.equal(status, 2);
  assert.match(stdout, /there is no kubectl on PATH/);
});

test("a fleet is told in groups, and answers wait for who reads them", async () => {
  const nodes = Object.fromEntries(Array.from({ length: 40 }, (_, number) => [`worker-${100 + number}`, { answers: [number === 7 ? good : bad] }]));
  const { env, requests } = await cluster(nodes);
  const { status, stdout, stderr } = check(env, "--all-nodes", "--control", "rotate-kubelet-server-certificate", "--concurrency", "4");
  assert.equal(status, 1);
  assert.equal(stderr, "", "no progress where it is no terminal");
  assert.match(stdout, /^FAIL worker-100 \(nodes\/worker-100\): 1 fail\n/);
  assert.match(stdout, /\n  39 of 40 targets: worker-100, .* and 34 more\n/);
  assert.match(stdout, /\n40 targets, 40 checks: 39 fail, 1 pass\n/);
  assert.ok((await requests()).most <= 4);
});

test("the line of progress fits its terminal", () => {
  assert.equal(line(0, 0, 0, 80), "asking for the nodes ...");
  assert.equal(line(12, 1, 24, 80), `asking nodes [${"#".repeat(15)}${"-".repeat(15)}] 12/24, 1 failed`);
  for (const columns of [1, 10, 20, 30, 40, 200]) {
    for (const done of [0, 999, 1000]) {
      assert.ok(line(done, done, 1000, columns).length < columns || columns === 1, `${columns}`);
    }
  }
});
