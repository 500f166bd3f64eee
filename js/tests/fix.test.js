// Fixes: as data, made in a text, and written into files by the command of each host.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { config, gate, pkg, seed } from "./support.js";

const { applyFixes, audit, AuditError } = await import(new URL("node.js", pkg));
const { host } = await import(new URL("host.js", pkg));
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-fix-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const slug = "rotate-kubelet-server-certificate";
const seedOnly = { controls: [slug] };

/** The programs that write files: Node's, and the native one where the build left it. */
const native = process.env.KUBELET_AUDIT ?? fileURLToPath(new URL("../../target/debug/kubelet-audit", import.meta.url));
const programs = { node: [process.execPath, fileURLToPath(new URL("cli.js", pkg))] };
if (existsSync(native)) programs.native = [native];

function directory(files) {
  const path = mkdtempSync(join(scratch, "d-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

function run([program, ...first], args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, [...first, "check", ...args], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The same, for root without root's right to write everywhere. */
function runAsUser(program, args, cwd) {
  const drop = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
  return run([...drop, ...program], args, cwd);
}

/** Every file below a directory with its text. */
function tree(path) {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const name = (entry) => relative(path, join(entry.parentPath ?? entry.path, entry.name));
  return Object.fromEntries(files.map((entry) => [name(entry), readFileSync(join(path, name(entry)), "utf8")]).sort());
}

test("a report brings its fixes where it is asked to", () => {
  const text = `${head}# mine é😀\nreadOnlyPort: 10255 # for the scraper\n`;
  const request = { config: text, kubeletVersion: "1.34" };
  assert.equal(seed(audit(request).targets[0]).fixes, undefined);
  const findings = audit({ ...request, fixes: true }).targets[0].findings;
  const [fix] = findings.find((finding) => finding.control === "read-only-port").fixes;
  assert.deepEqual([fix.applicability, fix.target, fix.settings[0].value], ["unsafe", "config-file", 0]);
  const [{ range, text: value }] = fix.changes[0].edits;
  assert.deepEqual([range.start.line, range.start.column, value], [4, 15, "0"]);
  assert.equal(Buffer.from(text).subarray(range.start.offset, range.end.offset).toString(), "10255");
  const [benchmark, effective] = seed({ findings }).fixes;
  assert.deepEqual([benchmark.purpose, benchmark.applicability], ["benchmark", "safe"]);
  assert.deepEqual([effective.purpose, effective.applicability], ["effective", "unsafe"]);
  assert.match(effective.reason, /approve/);
  assert.deepEqual(effective.alsoChanges, ["tlsCertFile", "tlsPrivateKeyFile"]);
});

test("a JSON config has its fixes as JSON Patch", () => {
  const findings = audit({ config: config({}), fixes: true }).targets[0].findings;
  assert.deepEqual(seed({ findings }).fixes[0].changes[0].patch, [
    { op: "add", path: "/featureGates", value: gate },
  ]);
});

test("applyFixes makes the safe fixes of a report, and unsafe ones on request", () => {
  const text = `${head}# mine\n`;
  const report = audit(text);
  const safe = applyFixes(text, report, seedOnly);
  assert.equal(safe.text, `${head}featureGates:\n  RotateKubeletServerCertificate: true\n# mine\n`);
  assert.equal(seed(safe.report.targets[0]).benchmark.verdict, "pass");
  assert.deepEqual(safe.skipped.map((skip) => [skip.control, skip.isUnsafe]), [[slug, true]]);
  const all = applyFixes(text, report, { ...seedOnly, unsafeFixes: true });
  assert.equal(seed(all.report.targets[0]).effective.verdict, "yes");
  assert.deepEqual(all.applied.map((fix) => fix.purpose), ["benchmark", "effective"]);
  const effective = applyFixes(text, report, { ...seedOnly, unsafeFixes: true, purpose: "effective" });
  assert.equal(effective.text, `${head}serverTLSBootstrap: true\n# mine\n`);
  assert.equal(applyFixes(safe.text, audit(safe.text), seedOnly).text, safe.text);

  const schema = JSON.parse(readFileSync(new URL("schema/applied-2.json", pkg), "utf8"));
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, validateFormats: false });
  const valid = ajv.compile(schema);
  for (const answer of [safe, all, effective]) assert.ok(valid(answer), ajv.errorsText(valid.errors));
});

test("the other layers come with the request", () => {
  const request = {
    config: head,
    dropIns: [{ name: "10-a.conf", text: `${head}featureGates:\n  RotateKubeletServerCertificate: false\n` }],
    kubeletVersion: "1.34",
  };
  const report = audit(request);
  const { text, files } = applyFixes(head, report, { ...seedOnly, request });
  assert.equal(text, head);
  assert.deepEqual(files.map((file) => [file.source, file.layer, file.isNew]), [["10-a.conf", "drop-in", false]]);
  const own = applyFixes(head, report, { ...seedOnly, request, route: "drop-in" });
  assert.deepEqual(own.files.map((file) => [file.source, file.isNew]), [["99-kubelet-audit.conf", true]]);
  assert.match(own.files[0].diff, /^--- \/dev\/null\n\+\+\+ b\/99-kubelet-audit.conf\n@@ -0,0 \+1,4 @@\n/);
});

test("what does not fit together is refused", () => {
  const report = audit(head);
  const refused = (message, ...args) =>
    assert.throws(() => applyFixes(...args), (error) => {
      assert.ok(error instanceof AuditError);
      assert.equal(error.code, "invalid-argument");
      assert.match(error.message, message);
      return true;
    });
  refused(/does not match this text/, `${head}readOnlyPort: 10255\n`, report);
  refused(/pass the request of the report/, head, audit({ config: head, dropIns: [] }));
  refused(/exactly one target/, head, { ...report, targets: [] });
  refused(/invalid report: missing field `schemaVersion`/, head, {});
  refused(/is not readable/, "{", audit("{"));
  refused(/invalid options: unsafe: unknown field `unsafe`/, head, report, { unsafe: true });
  refused(/purpose: unknown variant `all`, expected one of `benchmark`, `effective`, `both`/, head, report, { purpose: "all" });
  refused(/invalid option request: confg: unknown field `confg`/, head, report, { request: { confg: "" } });
  refused(/text is of type object/, null, report);
  assert.equal(applyFixes(head, report).report.schemaVersion, "2.0", "the next call works");
});

// Each set of arguments with the files that it names.
const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const corpus = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
const unit = "[Service]\nEnvironmentFile=-/etc/default/kubelet\nExecStart=/usr/bin/kubelet --config=/c $KUBELET_FLAGS\n";
const sets = readdirSync(examples)
  .filter((name) => /\.(json|yaml)$/.test(name))
  .map((name) => [name, [name], { [name]: readFileSync(join(examples, name), "utf8") }]);
sets.push(
  ["drop-ins", ["c.yaml", "--config-dir", "c.d"], {
    "c.yaml": `${head}readOnlyPort: 10255\r\n`,
    "c.d/10-a.conf": `${head}authentication: {anonymous: {enabled: true}}`,
  }],
  ["a drop-in of our own", ["c.yaml", "--config-dir", "c.d", "--fix-route", "drop-in"], {
    "c.yaml": `${head}readOnlyPort: 10255\n`,
    "c.d/10-a.conf": `${head}authentication: {anonymous: {enabled: true}}`,
  }],
  ["a unit and its environment", ["c.json", "--args-from", "u.service", "--args-from", "kubelet"], {
    "c.json": config({ serverTLSBootstrap: false }),
    "u.service": unit,
    kubelet: "# ours\nKUBELET_FLAGS=--v=2 --read-only-port=10255 --feature-gates=RotateKubeletServerCertificate=false\n",
  }],
);
if (existsSync(corpus)) {
  const files = readdirSync(corpus, { recursive: true }).filter((name) => /(aks|openshift)\S*\.json$/.test(name));
  for (const name of files) sets.push([name, ["f.json"], { "f.json": readFileSync(join(corpus, name), "utf8") }]);
}

for (const [host, program] of Object.entries(programs)) {
  test(`${host}: --fix does what --diff said`, () => {
    for (const [name, args, files] of sets) {
      const [shown, made] = [directory(files), directory(files)];
      const version = args.includes("--kubelet-version") ? [] : ["--kubelet-version", "1.34"];
      const diff = run(program, [...args, ...version, "--diff", "--unsafe-fixes"], shown);
      assert.ok([0, 1].includes(diff.status), `${name}: ${diff.stderr}`);
      assert.deepEqual(tree(shown), tree(directory(files)), `${name}: --diff writes nothing`);
      if (diff.stdout !== "") execFileSync("git", ["apply", "-p1", "-"], { cwd: shown, input: diff.stdout });
      const fix = run(program, [...args, ...version, "--fix", "--unsafe-fixes", "--format", "json"], made);
      assert.ok([0, 1].includes(fix.status), `${name}: ${fix.stderr}`);
      assert.deepEqual(tree(made), tree(shown), name);
      assert.equal(diff.stdout === "", !fix.stderr.includes("\nwrote "), name);
      const again = run(program, [...args, ...version, "--diff", "--unsafe-fixes"], made);
      assert.equal(again.stdout, "", `${name}: a second time changes nothing`);
    }
  });

  test(`${host}: permissions are kept, links within the directory are followed`, () => {
    const path = directory({ "c.yaml": head });
    chmodSync(join(path, "c.yaml"), 0o640);
    symlinkSync("c.yaml", join(path, "link.yaml"));
    assert.match(run(program, ["link.yaml", "--fix"], path).stderr, /wrote link\.yaml/);
    assert.ok(lstatSync(join(path, "link.yaml")).isSymbolicLink());
    assert.equal(statSync(join(path, "c.yaml")).mode & 0o777, 0o640);
    assert.match(readFileSync(join(path, "c.yaml"), "utf8"), /RotateKubeletServerCertificate: true/);
    assert.deepEqual(readdirSync(path).sort(), ["c.yaml", "link.yaml"]);
  });

  test(`${host}: a link that leaves the directory is refused`, () => {
    const path = directory({ "inside/x": "", "outside/c.yaml": head });
    symlinkSync("../outside/c.yaml", join(path, "inside/c.yaml"));
    const { status, stderr } = run(program, ["inside/c.yaml", "--fix"], path);
    assert.equal(status, 2);
    assert.match(stderr, /inside\/c\.yaml not written: is a link to another directory/);
    assert.equal(readFileSync(join(path, "outside/c.yaml"), "utf8"), head);
  });

  test(`${host}: a full disk leaves the original and nothing beside it`, () => {
    // A limit on the size of files stands for it: the write of the temporary file fails half-way.
    const text = `${head}# ${"x".repeat(5000)}\n`;
    const path = directory({ "c.yaml": text });
    const [shell, command] = ["sh", `trap '' XFSZ; ulimit -f 1; exec "$@"`];
    const { status, stderr } = spawnSync(shell, ["-c", command, "sh", ...program, "check", "c.yaml", "--fix"], {
      cwd: path,
      encoding: "utf8",
    });
    assert.equal(status, 2, stderr);
    assert.match(stderr, /c\.yaml not written: .*too large/i);
    assert.deepEqual(tree(path), { "c.yaml": text });
  });

  test(`${host}: an unwritable file is left as it is`, () => {
    const path = directory({ "c.yaml": head });
    chmodSync(join(path, "c.yaml"), 0o444);
    chmodSync(path, 0o555);
    const { status, stderr } = runAsUser(program, ["c.yaml", "--fix"], path);
    chmodSync(path, 0o755);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /c\.yaml not written: .*permission denied/i);
    assert.deepEqual(tree(path), { "c.yaml": head });
  });

  test(`${host}: of two files both are written or none`, () => {
    const files = {
      "c.yaml": `${head}serverTLSBootstrap: false\n`,
      "u.service": unit.replace("-/etc/default/kubelet", "/etc/default/kubelet"),
      "elsewhere/kubelet": "KUBELET_FLAGS=--kubeconfig=/k --v=2 --read-only-port=10255\n",
    };
    const path = directory(files);
    symlinkSync("elsewhere/kubelet", join(path, "kubelet"));
    const args = ["c.yaml", "--args-from", "u.service", "--args-from", "kubelet", "--fix", "--unsafe-fixes"];
    const { status, stderr } = run(program, args, path);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /wrote c\.yaml\nerror: kubelet not written.*\nrestored c\.yaml\n/);
    assert.deepEqual(tree(path), files);
  });
}

test("a file that changed meanwhile is left as it is", () => {
  const path = join(directory({ "c.yaml": "theirs" }), "c.yaml");
  const bytes = (text) => new TextEncoder().encode(text);
  assert.throws(() => host.replaceFile(path, bytes("old"), bytes("new")), {
    kind: "other",
    message: /the file changed on disk since it was read/,
  });
  assert.throws(() => host.replaceFile(path, undefined, bytes("new")), { message: /the file exists/ });
  assert.deepEqual(tree(dirname(path)), { "c.yaml": "theirs" });
});

test("every host with files was there", () => {
  assert.deepEqual(Object.keys(programs), ["node", "native"]);
});
