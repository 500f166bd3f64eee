// The files around the Kubewarden policy: what `kwctl scaffold artifacthub` needs, and the form of its settings.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");
const metadata = JSON.parse(text("plugins/kubewarden/src/metadata.json"));
const { version } = JSON.parse(text("pkg/package.json"));

test("the metadata have what kwctl scaffold artifacthub needs", () => {
  const { annotations } = metadata;
  for (const name of ["title", "description", "author", "version", "url", "source", "ociUrl", "license"]) {
    assert.ok(annotations[`io.kubewarden.policy.${name}`], name);
  }
  for (const name of ["displayName", "resources", "keywords"]) assert.ok(annotations[`io.artifacthub.${name}`], name);
  assert.match(annotations["io.kubewarden.policy.author"], /^[^<>]+ <[^<>@ ]+@[^<>@ ]+>$/);
  assert.equal(annotations["io.kubewarden.policy.version"], version);
});

test("the Artifact Hub package says what the metadata say", () => {
  const hub = parse(text("plugins/kubewarden/artifacthub-pkg.yml"));
  const of = (name) => metadata.annotations[`io.kubewarden.policy.${name}`];
  assert.deepEqual([hub.version, hub.description, hub.license, hub.homeURL], [of("version"), of("description"), of("license"), of("url")]);
  assert.equal(hub.displayName, metadata.annotations["io.artifacthub.displayName"]);
  assert.equal(hub.containersImages[0].image, `${of("ociUrl")}:v${version}`);
  assert.equal(`${hub.maintainers[0].name} <${hub.maintainers[0].email}>`, of("author"));
  assert.equal(hub.annotations["kubewarden/resources"], metadata.annotations["io.artifacthub.resources"]);
  assert.deepEqual(JSON.parse(hub.annotations["kubewarden/rules"]), metadata.rules);
});

test("the form has every setting of the page, with its default", () => {
  const { questions } = parse(text("plugins/kubewarden/questions-ui.yml"));
  const page = text("plugins/kubewarden/README.md").match(/## Settings\n([\s\S]*?)\n## /)[1];
  const settings = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(questions.map(({ variable }) => variable).sort(), settings.sort());
  for (const { variable, type, options, default: value } of questions) {
    assert.ok(["string", "int", "enum", "array["].includes(type), variable);
    assert.equal(type === "enum", options !== undefined, variable);
    if (options && value !== undefined) assert.ok(options.includes(value), variable);
  }
});
