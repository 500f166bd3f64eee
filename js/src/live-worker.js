// The thread that asks nodes, through the user's own kubectl: contexts, proxies and credentials are its
// business. See live.js for what is sent.

import { spawn } from "node:child_process";
import { workerData } from "node:worker_threads";

/** Most bytes of an answer: more than any document may have, so that who reads it says so. */
const MOST = 16 * 1024 * 1024 + 2;
/** Bytes of what kubectl complains that are kept. */
const COMPLAINT = 64 * 1024;
/** Milliseconds before a node is asked again; they double each time. */
const PAUSE = 250;
/** Asking again changes nothing about these. */
const FINAL = /^error from server \((forbidden|unauthorized|notfound|methodnotallowed)\)|^error: you must be logged in/im;

/** @type {{ query: import("./live.js").Query, port: import("node:worker_threads").MessagePort, counts: Int32Array }} */
const { query, port, counts } = workerData;

/** @param {import("./live.js").Message} message */
function send(message) {
  port.postMessage(message);
  Atomics.add(counts, 0, 1);
  Atomics.notify(counts, 0);
}

/**
 * Runs kubectl.
 * @param {string[]} args
 * @param {number} seconds
 * @returns {Promise<{ text: string } | { reason: string, isFinal: boolean }>}
 */
function kubectl(args, seconds) {
  const context = query.context === undefined ? [] : [`--context=${query.context}`];
  return new Promise((resolve) => {
    const child = spawn("kubectl", [...context, ...args], { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    /** @type {Buffer[]} */
    const chunks = [];
    let length = 0;
    let complaint = "";
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
      // What kubectl started may still hold the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
    }, seconds * 1000);
    child.stdout.on("data", (/** @type {Buffer} */ chunk) => {
      length += chunk.length;
      if (length <= MOST) chunks.push(chunk);
      else child.kill("SIGKILL");
    });
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      complaint = (complaint + text).slice(0, COMPLAINT);
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      const isMissing = /** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT";
      resolve({ reason: isMissing ? "there is no kubectl on PATH" : `kubectl: ${error.message}`, isFinal: true });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).toString("utf8");
      if (isLate) resolve({ reason: `no answer within ${seconds} s`, isFinal: false });
      else if (length > MOST) resolve({ reason: "the answer is larger than 16 MiB", isFinal: true });
      else if (code === 0) resolve({ text });
      else resolve({ reason: said(complaint) || `kubectl ended with ${code ?? signal}`, isFinal: FINAL.test(complaint) });
    });
  });
}

/**
 * The last line of a complaint: before it stand warnings.
 * @param {string} complaint
 */
function said(complaint) {
  const lines = complaint.split(/[\r\n]+/).filter((text) => text.trim() !== "");
  return (lines.at(-1) ?? "").trim().slice(0, 300);
}

/**
 * The names of the nodes to ask, in order, with the versions of their kubelets.
 * @returns {Promise<[string, string][]>}
 */
async function list() {
  const columns = "custom-columns=NAME:.metadata.name,VERSION:.status.nodeInfo.kubeletVersion";
  const args = ["get", "nodes", "--ignore-not-found", "--no-headers", `--output=${columns}`];
  if (query.selector !== undefined) args.push(`--selector=${query.selector}`);
  const asked = query.names.filter(isName);
  if (query.names.length > 0 && asked.length === 0) return query.names.map((name) => [name, ""]);
  if (asked.length > 0) args.push("--", ...asked);
  // A long list comes in pieces.
  let result = await kubectl(args, query.timeout * 4);
  for (let round = 0; "reason" in result && !result.isFinal && round < query.retries; round += 1) {
    await pause(round);
    result = await kubectl(args, query.timeout * 4);
  }
  // Whoever may ask a node may not be allowed to list them; then its version is not known.
  if ("reason" in result && query.names.length === 0) throw new Error(result.reason);
  /** @type {Map<string, string>} */
  const versions = new Map();
  for (const line of ("text" in result ? result.text : "").split("\n")) {
    const [name, version = ""] = line.trim().split(/\s+/);
    if (name) versions.set(name, version === "<none>" ? "" : version);
  }
  const names = query.names.length > 0 ? new Set(query.names) : [...versions.keys()].sort();
  return [...names].map((name) => [name, versions.get(name) ?? ""]);
}

/**
 * Whether this can be the name of an object. What is none would lead to another path of the API.
 * @param {string} name
 */
function isName(name) {
  return /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);
}

/**
 * @param {string} name
 * @returns {Promise<{ text: string, reason: string }>}
 */
async function ask(name) {
  if (!isName(name)) return { text: "", reason: "this is no name of a node" };
  for (let asked = 1; ; asked += 1) {
    const result = await kubectl(["get", "--raw", `/api/v1/nodes/${name}/proxy/configz`], query.timeout);
    if ("text" in result) return { text: result.text, reason: result.text === "" ? "the answer is empty" : "" };
    if (result.isFinal || asked > query.retries) {
      const times = asked > 1 ? ` (asked ${asked} times)` : "";
      return { text: "", reason: result.reason + times };
    }
    await pause(asked - 1);
  }
}

/** @param {number} round */
function pause(round) {
  return new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** round * (0.75 + Math.random() / 2)));
}

/** Asks all, at most `concurrency` at a time, and no more ahead of who takes the answers than that. */
async function run() {
  const nodes = await list();
  send({ total: nodes.length });
  /** @type {Map<number, import("./live.js").Message>} */
  const ready = new Map();
  let started = 0;
  let running = 0;
  let sent = 0;
  let wanted = 0;
  const go = () => {
    while (wanted > sent) {
      const answer = ready.get(sent);
      if (!answer) break;
      ready.delete(sent);
      sent += 1;
      send(answer);
    }
    if (sent === nodes.length) port.close();
    while (started < nodes.length && running < query.concurrency && started - sent < 2 * query.concurrency) {
      const number = started;
      const [name, version] = nodes[number];
      started += 1;
      running += 1;
      ask(name)
        .catch((error) => ({ text: "", reason: String(error) }))
        .then(({ text, reason }) => {
          running -= 1;
          Atomics.add(counts, 1, 1);
          if (reason !== "") Atomics.add(counts, 2, 1);
          ready.set(number, { name, version, text, reason });
          go();
        });
    }
  };
  port.on("message", () => {
    wanted += 1;
    go();
  });
  go();
}

process.on("uncaughtException", (error) => send({ failure: String(error) }));
run().catch((error) => send({ failure: error instanceof Error ? error.message : String(error) }));
