// Words of the wire, in plain English, and how good or bad each is.

/** @typedef {"good" | "bad" | "warn" | "info" | "none"} Tone */

/** Worst first. @type {Record<import("kubelet-audit").Status, [string, Tone]>} */
export const STATUS = {
  fail: ["Fail", "bad"],
  error: ["Cannot be judged", "warn"],
  manual: ["Manual", "info"],
  pass: ["Pass", "good"],
  "not-applicable": ["Not applicable", "none"],
};

/** Worst first. @type {Record<import("kubelet-audit").Effect, [string, Tone]>} */
export const EFFECT = {
  "does-not-start": ["Does not start", "bad"],
  no: ["No", "bad"],
  unknown: ["Unknown", "warn"],
  partly: ["Partly", "warn"],
  yes: ["Yes", "good"],
};

/** About in the order of a start: gates are looked at before and after the files. @type {Record<import("kubelet-audit").Stage, string>} */
export const STAGES = {
  "command-line": "command line",
  "config-file": "config file",
  "drop-in": "drop-ins",
  "feature-gates": "feature gates",
  "flag-validation": "flag values",
  precedence: "flags over files",
  logging: "logging",
  validation: "validation",
  tls: "TLS",
  authorization: "authorization",
  "start-up": "start of components",
  listen: "listening",
};

/** @type {Record<import("kubelet-audit").OriginLayer, string>} */
export const LAYERS = {
  default: "default",
  config: "config",
  "drop-in": "drop-in",
  flag: "flag",
  configz: "configz",
  generated: "generated",
  platform: "platform",
};

/** @type {Record<import("kubelet-audit").RouteKind, string>} */
export const ROUTES = {
  "config-file": "In the config file",
  arguments: "By arguments",
  configz: "Through /configz",
};

/** @type {Record<import("kubelet-audit").Step, string>} */
export const STEPS = { find: "Find", apply: "Apply", approve: "Approve", verify: "Verify" };

/**
 * The worst of some words.
 * @template {string} Word
 * @param {Word[]} words
 * @param {Record<Word, unknown>} table
 * @returns {Word | undefined}
 */
export function worst(words, table) {
  const order = /** @type {Word[]} */ (Object.keys(table));
  return order.find((word) => words.includes(word));
}

/** @param {string} id `cis-aks-1.7` */
export function editionName(id) {
  if (id === "auto") return "chosen by the input";
  if (id === "strict") return "Strict, our own";
  return id.split("-").map((part) => part.toUpperCase()).join(" ");
}

/**
 * @param {number} count
 * @param {string} one
 */
export function plural(count, one) {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** Who runs the nodes, in the order in which it is offered; the platforms that are not here come last. */
const PLATFORMS = new Map([
  ["kubernetes", "Kubernetes"],
  ["any", "Our own"],
  ["aks", "AKS"],
  ["eks", "EKS"],
  ["gke", "GKE"],
  ["ack", "ACK"],
  ["openshift", "OpenShift"],
]);
const OTHERS = "Rancher, K3s, MicroK8s, TKGI";

/**
 * Names of editions by who runs the nodes, newest first.
 * @param {import("kubelet-audit/controls").Benchmark[]} benchmarks
 * @returns {[string, string[]][]}
 */
export function editionGroups(benchmarks) {
  const sorted = benchmarks.toSorted(newestFirst);
  const label = (/** @type {string} */ platform) => PLATFORMS.get(platform) ?? OTHERS;
  return [...PLATFORMS.values(), OTHERS].map((group) => [
    group,
    sorted.filter(({ platform }) => label(platform) === group).map(({ id }) => id),
  ]);
}

/**
 * By the Kubernetes they are for; numbers of editions went down once. STIGs after CIS.
 * @param {import("kubelet-audit/controls").Benchmark} a
 * @param {import("kubelet-audit/controls").Benchmark} b
 */
function newestFirst(a, b) {
  const isCis = ({ id = "" }) => Number(id.startsWith("cis-"));
  const minor = (/** @type {typeof a} */ { kubernetes }) => Number(kubernetes?.[1].split(".")[1] ?? 999);
  return isCis(b) - isCis(a) || minor(b) - minor(a) || b.id.localeCompare(a.id, "en", { numeric: true });
}
