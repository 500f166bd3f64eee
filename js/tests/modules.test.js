// The small module and the full one: the same answers, and each where it has to be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, gate, pkg, readCases } from "./support.js";

const { audit } = await import(new URL("node.js", pkg));
const { started } = await import(new URL("core.js", pkg));

const configMap = `apiVersion: v1
kind: ConfigMap
metadata: { name: kubelet-config, namespace: kube-system }
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
`;

/** What an editor sends with every key. */
const SMALL = {
  "a config": config({ featureGates: gate }),
  "a dump": JSON.stringify({ kubeletconfig: { serverTLSBootstrap: true } }),
  "half a document": "kind: [",
  nothing: "",
  "a document without a kind": "readOnlyPort: 0",
  "all of a request": {
    config: config(),
    dropIns: [{ name: "10-a.conf", text: config({ readOnlyPort: 0 }) }],
    args: ["kubelet", "--config=/etc/kubelet.json", "--feature-gates=RotateKubeletServerCertificate=true"],
    kubeletVersion: "1.31",
    benchmark: "cis-1.10",
    controls: ["read-only-port"],
    level: 1,
    basis: "both",
    node: "a",
    source: "b",
  },
  "an edition that does not exist": { config: config(), benchmark: "cis-0.0" },
  "no request": { confg: "" },
};

const FULL = {
  "an object that carries a config": configMap,
  "several documents": "kind: KubeletConfiguration\n---\nkind: KubeletConfiguration\n",
  "a command line": { args: "kubelet --config=/etc/kubelet.json" },
  "a unit": { args: [{ name: "kubelet.service", text: "[Service]\nExecStart=/usr/bin/kubelet\n" }] },
  "a config that was parsed": { config: { kind: "KubeletConfiguration" } },
  fixes: { config: config(), fixes: true },
};

/** The module's own answer, without the way to the other. */
function answer(module, input) {
  return module.call((glue) => (typeof input === "string" ? glue.auditText(input) : glue.auditJson(JSON.stringify(input))));
}

test("the full module is loaded when it is first needed, and not before", () => {
  for (const input of Object.values(SMALL)) audit(input);
  assert.equal(started().full, undefined);
  audit(configMap);
  assert.notEqual(started().full, undefined);
});

test("what the small module answers, the full one answers with the same bytes", () => {
  const { small, full } = started();
  for (const [name, input] of Object.entries(SMALL)) {
    const said = answer(small, input);
    assert.equal(typeof said, "string", name);
    assert.equal(said, answer(full, input), name);
  }
  const shared = readCases().filter(({ request }) => {
    const said = answer(small, request);
    if (said !== undefined) assert.equal(said, answer(full, request));
    return said !== undefined;
  });
  assert.ok(shared.length >= 20, `${shared.length} cases`);
});

test("what the small module passes on is answered by the full one alone", () => {
  const { small, full } = started();
  for (const [name, input] of Object.entries(FULL)) {
    assert.equal(answer(small, input), undefined, name);
    assert.deepEqual(audit(input), JSON.parse(answer(full, input)), name);
  }
});
