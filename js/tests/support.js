// What the tests share.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The package as `cargo x build` left it. */
export const pkg = new URL("../../pkg/", import.meta.url);
export const pkgPath = fileURLToPath(pkg);

const cases = new URL("../../host-tests/cases/", import.meta.url);

/** The requests that every host answers; `host-tests/src/cases.rs` is their other reader. */
export function readCases() {
  return readdirSync(cases)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const { title, request, expect } = JSON.parse(readFileSync(new URL(name, cases), "utf8"));
      return { name: name.replace(/\.json$/, ""), title, request: expand(request), expect };
    });
}

/** Long texts are written as `{"$repeat": [text, count]}`. */
function expand(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(expand);
  if (value.$repeat) return value.$repeat[0].repeat(value.$repeat[1]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item)]));
}

/** A config of the kubelet, as text. */
export function config(fields = {}) {
  return JSON.stringify({ kind: "KubeletConfiguration", apiVersion: "kubelet.config.k8s.io/v1beta1", ...fields });
}

export const gate = { RotateKubeletServerCertificate: true };

/** The finding of the control that this product began with. */
export function seed(target) {
  return target.findings.find((finding) => finding.control === "rotate-kubelet-server-certificate");
}

/** A config that meets every row of the default edition. */
export function compliant() {
  return config({
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: "/etc/kubernetes/pki/ca.crt" } },
    authorization: { mode: "Webhook" },
    readOnlyPort: 0,
    eventRecordQPS: 0,
    rotateCertificates: true,
    serverTLSBootstrap: true,
    featureGates: gate,
  });
}
