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
  validation: "validation",
  tls: "TLS",
  authorization: "authorization",
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

/** Benchmark editions, by who runs the nodes; a test compares them with those that the module knows. */
export const EDITIONS = {
  "": ["auto"],
  Kubernetes: [
    "cis-2.0.1", "cis-1.12", "cis-1.11", "cis-1.10", "cis-1.9", "cis-1.8", "cis-1.7", "cis-1.24", "cis-1.23", "cis-1.20",
    "cis-1.6", "cis-1.5",
  ],
  "Our own": ["strict"],
  AKS: ["cis-aks-1.8", "cis-aks-1.7", "cis-aks-1.0"],
  EKS: ["cis-eks-1.8", "cis-eks-1.7", "cis-eks-1.5", "cis-eks-1.2", "cis-eks-1.1", "cis-eks-1.0.1", "eks-stig-v1r6"],
  GKE: ["cis-gke-1.9", "cis-gke-1.8", "cis-gke-1.6", "cis-gke-1.2", "cis-gke-1.0"],
  ACK: ["cis-ack-1.0"],
  OpenShift: ["cis-openshift-1.8", "cis-openshift-1.4", "cis-openshift-1.0", "cis-openshift-0.7"],
  "Rancher, K3s, MicroK8s, TKGI": [
    "cis-k3s-1.24", "cis-k3s-1.23", "cis-k3s-1.9", "cis-k3s-1.8", "cis-k3s-1.7", "cis-k3s-1.6", "cis-microk8s-1.24",
    "cis-rke-1.24", "cis-rke-1.23", "cis-rke-1.7", "cis-rke2-1.24", "cis-rke2-1.23", "cis-rke2-1.8", "cis-rke2-1.7",
    "cis-tkgi-1.2.53",
  ],
};
