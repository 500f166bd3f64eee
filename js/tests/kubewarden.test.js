// The Kubewarden policy in a waPC host of a few lines, and the WASI command in Kubewarden's `wasi` mode.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pkg } from "./support.js";

const bytes = readFileSync(new URL("plugins/kubelet-audit.kubewarden.wasm", pkg));
const module = new WebAssembly.Module(bytes);

/** A host: it keeps one instance and calls it as policy-server does. */
function load() {
  let call;
  const text = (pointer, length) =>
    new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(exports.memory.buffer, pointer, length));
  const write = (pointer, value) => new Uint8Array(exports.memory.buffer).set(value, pointer);
  const wapc = {
    __guest_request(operation, message) {
      write(operation, call.operation);
      write(message, call.message);
    },
    __guest_response: (pointer, length) => (call.response = text(pointer, length)),
    __guest_error: (pointer, length) => (call.error = text(pointer, length)),
  };
  const { exports } = new WebAssembly.Instance(module, { wapc });
  exports.wapc_init();
  return {
    memory: exports.memory,
    invoke(operation, message) {
      const encode = (value) => (typeof value === "string" ? new TextEncoder().encode(value) : value);
      call = { operation: encode(operation), message: encode(message) };
      const done = exports.__guest_call(call.operation.length, call.message.length);
      assert.equal(done, call.error === undefined ? 1 : 0);
      if (done !== 1) throw new Error(call.error);
      return call.response;
    },
  };
}

const policy = load();
const validate = (payload) => JSON.parse(policy.invoke("validate", JSON.stringify(payload)));
const metadata = JSON.parse(
  new TextDecoder().decode(WebAssembly.Module.customSections(module, "io.kubewarden.metadata")[0]),
);

const configMap = (config, name = "kubelet-config") => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "kube-system" },
  data: { kubelet: `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${config}` },
});
const request = (object) => ({ uid: "0-1", operation: "CREATE", object });
const settings = { benchmark: "cis-1.8", controls: ["anonymous-auth"] };
const open = "authentication: {anonymous: {enabled: true}}\n";

test("the module imports waPC alone, and says what it is registered for", () => {
  const imports = WebAssembly.Module.imports(module).map(({ module, name }) => `${module}.${name}`).sort();
  assert.deepEqual(imports, ["wapc.__guest_error", "wapc.__guest_request", "wapc.__guest_response"]);
  assert.equal(metadata.protocolVersion, "v1");
  assert.equal(metadata.executionMode, "kubewarden-wapc");
  assert.equal(metadata.mutating, false);
  for (const rule of metadata.rules) assert.deepEqual(rule.operations, ["CREATE", "UPDATE"]);
});

test("protocol version and unknown operations", () => {
  assert.equal(policy.invoke("protocol_version", ""), '"v1"');
  assert.throws(() => policy.invoke("mutate", "{}"), /operations/);
  assert.throws(() => policy.invoke("validate", Uint8Array.of(0xff)), /UTF-8/);
});

test("settings", () => {
  const check = (value) => JSON.parse(policy.invoke("validate_settings", JSON.stringify(value)));
  assert.deepEqual(check({}), { valid: true });
  assert.deepEqual(check(settings), { valid: true });
  const wrong = check({ failOn: "worst" });
  assert.equal(wrong.valid, false);
  assert.match(wrong.message, /failOn: unknown variant `worst`, expected one of `info`, `low`, `medium`, `high`, `critical`/);
});

test("objects are accepted and refused by what the kubelet would make of them", () => {
  const refused = validate({ request: request(configMap(open)), settings });
  assert.equal(refused.accepted, false);
  assert.equal(refused.code, 403);
  assert.match(refused.message, /^ConfigMap kube-system\/kubelet-config: cis-1\.8 4\.2\.1 anonymous-auth \(\w+\): /);
  assert.deepEqual(validate({ request: request(configMap(open.replace("true", "false"))), settings }), { accepted: true });
  assert.deepEqual(validate({ request: request(configMap(open, "other")), settings }).accepted, false);
  assert.deepEqual(validate({ request: request({ apiVersion: "v1", kind: "ConfigMap", data: {} }), settings }), { accepted: true });
  assert.deepEqual(validate({ request: request(null), settings }), { accepted: true });
  assert.equal(validate({ request: request(configMap("a: [")), settings }).code, 400);
});

// One object for each resource that the policy is registered for, with anonymous requests let in.
const pairs = { "anonymous-auth": "true" };
const list = ["anonymous-auth=true"];
const field = { authentication: { anonymous: { enabled: true } } };
const registration = { nodeRegistration: { kubeletExtraArgs: pairs } };
const kubeadm = { joinConfiguration: registration };
const rke2 = { agentConfig: { kubelet: { extraArgs: list } } };
const file = `data:,${encodeURIComponent(configMap(open).data.kubelet)}`;
const objects = {
  configmaps: configMap(open),
  "machineconfiguration.openshift.io/kubeletconfigs": ["KubeletConfig", { kubeletConfig: field }],
  "machineconfiguration.openshift.io/machineconfigs": [
    "MachineConfig",
    { config: { storage: { files: [{ path: "/etc/kubernetes/kubelet.conf", contents: { source: file } }] } } },
  ],
  "bootstrap.cluster.x-k8s.io/kubeadmconfigs": ["KubeadmConfig", kubeadm],
  "bootstrap.cluster.x-k8s.io/kubeadmconfigtemplates": ["KubeadmConfigTemplate", { template: { spec: kubeadm } }],
  "bootstrap.cluster.x-k8s.io/rke2configs": ["RKE2Config", rke2],
  "bootstrap.cluster.x-k8s.io/rke2configtemplates": ["RKE2ConfigTemplate", { template: { spec: rke2 } }],
  "controlplane.cluster.x-k8s.io/kubeadmcontrolplanes": ["KubeadmControlPlane", { kubeadmConfigSpec: kubeadm }],
  "controlplane.cluster.x-k8s.io/kubeadmcontrolplanetemplates": [
    "KubeadmControlPlaneTemplate",
    { template: { spec: { kubeadmConfigSpec: kubeadm } } },
  ],
  "controlplane.cluster.x-k8s.io/rke2controlplanes": ["RKE2ControlPlane", rke2],
  "controlplane.cluster.x-k8s.io/rke2controlplanetemplates": ["RKE2ControlPlaneTemplate", { template: { spec: rke2 } }],
  "karpenter.k8s.aws/ec2nodeclasses": ["EC2NodeClass", { kubelet: field }],
  "karpenter.azure.com/aksnodeclasses": ["AKSNodeClass", { kubelet: field }],
  "k0s.k0sproject.io/clusterconfigs": ["ClusterConfig", { workerProfiles: [{ name: "a", values: field }] }],
  "provisioning.cattle.io/clusters": ["Cluster", { rkeConfig: { machineGlobalConfig: { "kubelet-arg": list } } }],
  "core.gardener.cloud/shoots": ["Shoot", { kubernetes: { kubelet: field } }],
};

test("every resource that the policy is registered for is judged", () => {
  const registered = metadata.rules.flatMap(({ apiGroups: [group], resources }) =>
    resources.map((resource) => (group === "" ? resource : `${group}/${resource}`)),
  );
  assert.deepEqual(registered.sort(), Object.keys(objects).sort());
  for (const [resource, object] of Object.entries(objects)) {
    const whole = Array.isArray(object)
      ? { apiVersion: `${resource.split("/")[0]}/v1`, kind: object[0], metadata: { name: "a" }, spec: object[1] }
      : object;
    const answer = validate({ request: request(whole), settings });
    assert.equal(answer.accepted, false, `${resource}: ${JSON.stringify(answer)}`);
    assert.match(answer.message, /anonymous/, resource);
  }
});

test("memory stays as it is", () => {
  const payload = JSON.stringify({ request: request(configMap(open)), settings });
  policy.invoke("validate", payload);
  const before = policy.memory.buffer.byteLength;
  for (let round = 0; round < 300; round++) policy.invoke("validate", payload);
  assert.equal(policy.memory.buffer.byteLength, before);
});

test("the WASI command answers in Kubewarden's wasi mode, with the same bytes", () => {
  const path = fileURLToPath(new URL("plugins/kubelet-audit.wasi.wasm", pkg));
  const script = `
    const { readFileSync } = require("node:fs");
    const { WASI } = require("node:wasi");
    const wasi = new WASI({ version: "preview1", args: ["policy.wasm", process.argv[1]], returnOnExit: true });
    WebAssembly.instantiate(readFileSync(process.argv[2]), wasi.getImportObject())
      .then(({ instance }) => { process.exitCode = wasi.start(instance); });`;
  const run = (operation, input) =>
    spawnSync(process.execPath, ["--no-warnings", "--eval", script, "--", operation, path], { input, encoding: "utf8" });
  for (const [operation, wapc, payload] of [
    ["validate", "validate", { request: request(configMap(open)), settings }],
    ["validate", "validate", { request: request(configMap(open.replace("true", "false"))), settings }],
    ["validate-settings", "validate_settings", settings],
    ["validate-settings", "validate_settings", { benchmark: "none" }],
  ]) {
    const input = JSON.stringify(payload);
    const { stdout, stderr, status } = run(operation, input);
    assert.deepEqual([stdout, stderr, status], [policy.invoke(wapc, input), "", 0]);
  }
});
