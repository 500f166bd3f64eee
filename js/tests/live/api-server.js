// A stand-in for a cluster's API server on loopback: what kubectl needs to list nodes and to reach their
// kubelets through the proxy. It runs as a program of its own, for the command under test blocks who waits
// for it. The nodes come as JSON in the first argument; the address goes to standard output.

import { createServer } from "node:http";

/**
 * `answers` are given one after the other, the last for ever: a text, or { status, reason, message } as the
 * API server refuses, or { delay } in milliseconds before `text`, or { raw } for what is no answer of a
 * kubelet.
 * @type {Record<string, { version?: string, labels?: Record<string, string>, answers: any[] }>}
 */
const nodes = JSON.parse(process.argv[2]);
const mayList = process.argv[3] !== "no-list";
/** Requests for each node's configuration, and the most that were open at once. */
const asked = {};
let open = 0;
let most = 0;

const status = (code, reason, message) => ({
  code,
  body: JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code }),
});
const found = (body) => ({ code: 200, body: JSON.stringify(body) });
const forbidden = (what) =>
  status(403, "Forbidden", `${what} is forbidden: User "auditor" cannot get resource "nodes" in API group "" at the cluster scope`);

function node(name) {
  const { version = "v1.31.4", labels = {} } = nodes[name];
  const nodeInfo = { kubeletVersion: version };
  return { kind: "Node", apiVersion: "v1", metadata: { name, labels }, spec: {}, status: { nodeInfo } };
}

function list(url) {
  if (!mayList) return forbidden("nodes");
  const wanted = (url.searchParams.get("labelSelector") ?? "").split(",").filter(Boolean);
  const names = Object.keys(nodes).filter((name) =>
    wanted.every((pair) => nodes[name].labels?.[pair.split("=")[0]] === pair.split("=")[1]),
  );
  // In pieces, as an API server gives long lists.
  const from = Number(url.searchParams.get("continue") ?? 0);
  const piece = names.slice(from, from + 3);
  const rest = from + 3 < names.length ? { continue: String(from + 3) } : {};
  return found({ kind: "NodeList", apiVersion: "v1", metadata: rest, items: piece.map(node) });
}

async function configz(name) {
  if (!nodes[name]) return status(404, "NotFound", `nodes "${name}" not found`);
  const { answers } = nodes[name];
  const answer = answers[Math.min(asked[name] ?? 0, answers.length - 1)];
  asked[name] = (asked[name] ?? 0) + 1;
  if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay));
  if (answer.status) return status(answer.status, answer.reason, answer.message);
  return { code: 200, body: typeof answer === "string" ? answer : (answer.text ?? answer.raw) };
}

const nodeResource = { name: "nodes", singularName: "node", namespaced: false, kind: "Node", verbs: ["get", "list"], shortNames: ["no"] };

async function answer(url) {
  const path = url.pathname.split("/").filter(Boolean);
  if (url.pathname === "/asked") return found({ asked, most });
  if (url.pathname === "/api") return found({ kind: "APIVersions", versions: ["v1"] });
  if (url.pathname === "/apis") return found({ kind: "APIGroupList", apiVersion: "v1", groups: [] });
  if (url.pathname === "/api/v1") {
    return found({ kind: "APIResourceList", groupVersion: "v1", resources: [nodeResource] });
  }
  if (path[2] === "nodes" && path.length === 3) return list(url);
  if (path[2] === "nodes" && path.length === 4) {
    if (!mayList) return forbidden(`nodes "${path[3]}"`);
    return nodes[path[3]] ? found(node(path[3])) : status(404, "NotFound", `nodes "${path[3]}" not found`);
  }
  if (path[2] === "nodes" && path[4] === "proxy" && path[5] === "configz") return configz(path[3]);
  return status(404, "NotFound", `there is no ${url.pathname}`);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const isProxy = url.pathname.includes("/proxy/");
  if (isProxy) most = Math.max(most, (open += 1));
  const { code, body } = await answer(url);
  if (isProxy) open -= 1;
  response.writeHead(code, { "content-type": "application/json" }).end(body);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.on("end", () => process.exit()).resume();
