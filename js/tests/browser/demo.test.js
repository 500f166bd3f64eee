// The page, as its users have it: in Chromium, by mouse and keyboard.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, serve } from "./support.js";

const demo = new URL("../../demo/", import.meta.url);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const GATE = "featureGates:\n  RotateKubeletServerCertificate: true\n";
const CONTROL = "rotate-kubelet-server-certificate";
const SAMPLES = ["kubeadm", "aks", "eks", "hardened", "broken"];

let server;
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** What must not happen on any page. */
let troubles;

before(async () => {
  execFileSync(process.execPath, [fileURLToPath(new URL("build.js", demo))]);
  server = await serve(new URL("dist/", demo));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(() => openPage());

afterEach(async () => {
  const violations = await page.evaluate(() => window.violations);
  await page.close();
  assert.deepEqual([...troubles, ...violations], []);
});

/** With one control chosen, the two verdicts are words; with all of them, counts. */
async function openPage({ control = CONTROL, ...options } = {}) {
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(5000);
  troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) troubles.push(`request of ${request.url()}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      window.violations.push([violatedDirective, blockedURI, sample].join(" ")),
    );
  });
  await page.goto(server.url);
  await page.locator("#control option").nth(5).waitFor({ state: "attached" });
  if (!control) return;
  await page.selectOption("#control", control);
  await verdicts("Pass", "No");
}

/** Another page than the one that each test begins with. */
async function reopen(options) {
  await page.close();
  await openPage(options);
}

const editor = () => page.locator("#editor .cm-content");

async function empty() {
  await editor().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
}

/** Puts a text in place of the old one, as pasting would. */
async function write(text) {
  await empty();
  await page.keyboard.insertText(text);
}

/** A file, opened by the page's own button's input; the way in that keeps every byte. */
async function openFile(name, text) {
  await page.setInputFiles("#file", { name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

/** Waits until the two verdicts are these. */
async function verdicts(benchmark, effective) {
  const wanted = [benchmark, effective].join();
  await page
    .waitForFunction(
      (wanted) => [...document.querySelectorAll(".verdict .word")].map((word) => word.textContent).join() === wanted,
      wanted,
      { timeout: 5000 },
    )
    .catch(async () => {
      const found = await page.locator(".verdict .word").allTextContents();
      assert.equal(found.join(), wanted);
    });
}

/** Waits for a text to be underlined in a way, and nothing else in the same way. */
async function underlined(severity, text) {
  const spans = page.locator(`#editor .cm-lintRange-${severity}`);
  const joined = async () => (await spans.allTextContents()).join("");
  const until = Date.now() + 5000;
  while ((await joined()) !== text && Date.now() < until) await page.waitForTimeout(20);
  assert.equal(await joined(), text);
}

test("typing a config, key by key, brings both verdicts", async () => {
  await empty();
  await verdicts("–", "–");
  await page.keyboard.type(`${HEAD}${GATE}`);
  await verdicts("Pass", "No");
  // The editor keeps the indentation of the line before.
  await page.keyboard.press("Backspace");
  await page.keyboard.type("serverTLSBootstrap: true");
  await verdicts("Pass", "Yes");
  assert.match(await page.textContent("#findings"), /RotateKubeletServerCertificate is true in the config file/);
  assert.match(await page.textContent("#kubelet"), /Kubelet 1\.37 starts/);
});

test("all controls of an edition are counted, and one can be chosen", async () => {
  await reopen({ control: "" });
  assert.match(await page.textContent("#benchmark .word"), /^\d+ of \d+ pass$/);
  assert.match(await page.textContent("#effective .word"), /^\d+ of \d+ hold$/);
  assert.match(await page.textContent("#remark"), /^The two disagree on .*3\.2\.9/);
  const findings = page.locator("#findings details.finding:visible");
  const all = await findings.count();
  await page.check("#problems-only");
  assert.ok((await findings.count()) < all);
  await page.uncheck("#problems-only");

  await page.selectOption("#edition", "cis-1.12");
  await page.locator("#findings h3", { hasText: "4.2.14 " }).waitFor();
  await page.selectOption("#control", CONTROL);
  await page.waitForFunction(() => document.querySelectorAll("#findings details.finding").length === 1);
  assert.match(await page.textContent("#benchmark .line"), /^CIS 1\.12 · 4\.2\./);
});

test("the editions to choose from are those that the module knows", async () => {
  await page.evaluate(() => {
    const select = document.querySelector("#edition");
    select.append(new Option("no such", "no-such"));
    select.value = "no-such";
    select.dispatchEvent(new Event("change"));
  });
  await page.locator("#remark", { hasText: "no-such" }).waitFor();
  const known = execFileSync(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { audit } from ${JSON.stringify(new URL("../../../pkg/node.js", import.meta.url))};
     try { audit({ config: "", benchmark: "no-such" }); } catch ({ help }) { console.log(help); }`,
  ]);
  const offered = await page.locator("#edition option").evaluateAll((options) => options.map(({ value }) => value));
  const names = ["auto", .../expected auto or one of (.*)$/.exec(String(known).trim())[1].split(", ")];
  assert.deepEqual(offered.filter((name) => name !== "no-such").sort(), names.sort());
});

test("a finding that was opened stays open while one types", async () => {
  await reopen({ control: "" });
  const finding = page.locator(`#findings details[data-control="${CONTROL}"]`);
  await finding.locator("summary").first().click();
  await finding.locator("text=How to fix").click();
  await editor().click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("\n\n");
  await page.waitForTimeout(400);
  assert.equal(await finding.evaluate((one) => one.open), true);
  assert.equal(await finding.locator(".remediation").evaluate((one) => one.open), true);
});

test("the verdicts are said to who listens", async () => {
  assert.equal(await page.getAttribute("#spoken", "role"), "status");
  assert.equal(await page.textContent("#spoken"), "Benchmark: Pass. In effect: No. Kubelet 1.37 starts.");
});

test("a finding is underlined where it belongs, and its message has everything", async () => {
  await write(`${HEAD}serverTLSBootstrap: false\n${GATE}`);
  await underlined("warning", "false");
  await page.locator("#editor .cm-lintRange-warning").hover();
  const tooltip = page.locator(".cm-tooltip-lint");
  await tooltip.waitFor();
  const message = await tooltip.textContent();
  for (const part of ["benchmark pass · effective no", "Why: ", "Fix: also set serverTLSBootstrap: true"]) {
    assert.ok(message.includes(part), message);
  }
});

test("a field that stops the kubelet is underlined as an error", async () => {
  await reopen({ control: "" });
  await page.selectOption("#sample", "broken");
  await page.locator("#effective .word", { hasText: "Does not start" }).waitFor();
  await underlined("error", '"true"');
  await underlined("warning", "");
  await page.selectOption("#edition", "cis-aks-1.7");
  await page.selectOption("#control", CONTROL);
  await verdicts("Cannot be judged", "Does not start");
  await underlined("error", '"true"');
  assert.match(await page.textContent("#kubelet"), /stops at: config file/);
});

test("a syntax error half-way says so, keeps the last findings in grey, and goes when it is mended", async () => {
  await write(`${HEAD}serverTLSBootstrap: false\n${GATE}`);
  await underlined("warning", "false");
  await page.keyboard.type("clusterDNS: [");
  await underlined("error", "[");
  await underlined("warning", "");
  assert.equal(await page.locator("#editor .cm-kubelet-stale").textContent(), "false");
  assert.match(await page.textContent("#remark"), /cannot be read as it stands/);
  assert.equal(await page.locator(".verdict.stale").count(), 2);
  await verdicts("Pass", "No");
  assert.ok(await page.locator("#findings button.jump").first().isDisabled());
  assert.match(await page.textContent("#kubelet"), /stops at: config file/);

  await page.keyboard.type("10.0.0.10]");
  await underlined("error", "");
  await underlined("warning", "false");
  assert.equal(await page.locator(".stale, .cm-kubelet-stale").count(), 0);
});

test("what is opened broken is not shown as an older text's verdicts", async () => {
  await openFile("broken.json", '{"kind": "KubeletConfiguration", "featureGates": {');
  await verdicts("Cannot be judged", "Does not start");
  assert.equal(await page.locator(".stale").count(), 0);
});

test("umlauts, emoji and Windows line breaks do not shift the underline", async () => {
  const text = `# Knoten für Grüße 😀\r\n${HEAD}clusterDomain: "büro.😀"\r\nserverTLSBootstrap: "true" # größer 😀\r\n`;
  await openFile("node.yaml", text.replaceAll(/(?<!\r)\n/g, "\r\n"));
  await underlined("error", '"true"');
  await openFile("node.json", '{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1",\r\n"clusterDomain":"ä😀","serverTLSBootstrap":"ja"}');
  await underlined("error", '"ja"');
  assert.equal(await page.textContent("#file-note"), "node.json");
});

test("a dropped file is opened; .conf files become drop-ins", async () => {
  const files = { "node.yaml": `${HEAD}serverTLSBootstrap: true\n`, "10-gate.conf": `${HEAD}${GATE}` };
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(files)) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent("#drop-zone", "drop", { dataTransfer: transfer });
  await verdicts("Pass", "Yes");
  assert.match(await editor().textContent(), /serverTLSBootstrap: true/);
  assert.equal(await page.inputValue("#drop-ins input"), "10-gate.conf");
});

test("bytes that are no text are refused", async () => {
  await page.setInputFiles("#file", { name: "x.bin", mimeType: "", buffer: Buffer.from([0xff, 0xfe, 0x00]) });
  await page.waitForFunction(() => document.querySelector("#file-note").textContent === "x.bin is not UTF-8 text");
  await verdicts("Pass", "No");
});

test("a drop-in changes the verdict, and its removal changes it back", async () => {
  await page.click("#drop-ins-card summary");
  await page.click("#add-drop-in");
  await page.keyboard.type("serverTLSBootstrap: true\ntlsCertFile: ''\ntlsPrivateKeyFile: ''\n");
  await verdicts("Pass", "Yes");
  assert.equal(await page.textContent("#drop-in-count"), "1 file");

  // There and back by keyboard.
  const jump = page.locator("#findings button.jump", { hasText: "10-node.conf:3:21" });
  await jump.focus();
  await page.keyboard.press("Enter");
  const selected = () =>
    page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.activeElement;
      return value?.slice(selectionStart, selectionEnd);
    });
  assert.equal(await selected(), "true");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "10-node.conf:3:21");

  await page.click("text=Remove");
  await verdicts("Pass", "No");
});

test("a command line changes the verdict", async () => {
  await page.click("#args-card summary");
  await page.fill("#args", "kubelet --config=/x --kubeconfig=/k --feature-gates=RotateKubeletServerCertificate=false");
  await verdicts("Fail", "No");
  await page.locator("#findings button.jump", { hasText: "args:1:" }).first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "args");
  await page.fill("#args", "");
  await verdicts("Pass", "No");
});

test("a command line alone is audited too", async () => {
  await empty();
  await page.click("#args-card summary");
  await page.fill("#args", "kubelet --rotate-server-certificates --feature-gates=RotateKubeletServerCertificate=true --kubeconfig=/k");
  await verdicts("Pass", "Yes");
});

test("version and basis are asked for", async () => {
  await page.selectOption("#basis", "effective");
  await page.locator("#findings .badge", { hasText: "Fail" }).waitFor();
  await underlined("error", "true");
  await page.selectOption("#version", "1.31");
  await page.waitForFunction(() => document.querySelector("#kubelet .starts").textContent === "Kubelet 1.31 starts");
});

test("evidence leads to its place, Escape leads back, Tab leaves the editor", async () => {
  const jump = page.locator("#findings button.jump").first();
  await jump.click();
  assert.equal(await page.evaluate(() => document.querySelector("#editor").shadowRoot.getSelection?.().toString() ?? ""), "true");
  await page.keyboard.press("Escape");
  assert.ok(await jump.evaluate((button) => button === document.activeElement));
  await editor().focus();
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "editor");
});

test("the effective configuration is complete, says where it is from, and can be filtered", async () => {
  await page.click("#configuration-card summary");
  const rows = page.locator("#configuration tr");
  assert.ok((await rows.count()) > 80);
  await page.fill("#filter", "rotatekubelet");
  assert.equal(await rows.count(), 1);
  assert.match(await rows.textContent(), /^featureGates\.RotateKubeletServerCertificatetrueconfig:22:39$/);
  await page.fill("#filter", "no such field");
  assert.equal(await rows.textContent(), "No field is like that.");
  await page.fill("#filter", "");
  await page.check("#set-only");
  assert.ok((await rows.count()) < 20);
});

test("after loading it needs no network", async () => {
  await page.waitForLoadState("networkidle");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.context().setOffline(true);
  for (const sample of SAMPLES) await page.selectOption("#sample", sample);
  await write(`${HEAD}serverTLSBootstrap: true\n${GATE}`);
  await verdicts("Pass", "Yes");
  assert.deepEqual(asked, []);
});

test("it shows its version and its size, and says that nothing leaves the browser", async () => {
  const cargo = readFileSync(new URL("../../../Cargo.toml", import.meta.url), "utf8");
  const version = /^version = "(.+)"$/m.exec(cargo)[1];
  const about = await page.textContent("#about");
  assert.ok(about.startsWith(`kubelet-audit ${version} · WebAssembly of `), about);
  assert.match(await page.textContent(".private"), /never leaves this browser/);
});

test("the policy is strict, and the browser holds to it", async () => {
  const policy = await page.getAttribute("meta[http-equiv]", "content");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|data:|https?:/);
  // What the policy refuses, to know that it is in force. These are the only violations of this file.
  const refused = await page.evaluate(async () => {
    const style = document.createElement("style");
    style.textContent = "body { outline: 9px solid red }";
    document.head.append(style);
    const fetched = await fetch("https://example.invalid/").then(() => true, () => false);
    // They are told in their own time.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const violations = window.violations.splice(0).map((violation) => violation.split(" ")[0]);
    return { fetched, outline: getComputedStyle(document.body).outlineWidth !== "9px", violations };
  });
  troubles = troubles.filter((text) => !text.includes("Content Security Policy"));
  assert.deepEqual(refused, { fetched: false, outline: true, violations: ["style-src-elem", "connect-src"] });
});

test("axe finds no serious violation, in light and in dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await reopen({ colorScheme, bypassCSP: true, control: "" });
    await page.evaluate(axe);
    await page.evaluate(() => document.querySelector("#set-only").click());
    for (const sample of ["aks", "eks", "broken"]) {
      await page.selectOption("#sample", sample);
      await page.waitForTimeout(300);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
      const { violations } = await page.evaluate(() => axe.run());
      const found = violations.map(({ id, impact, nodes }) => [id, impact, nodes.map(({ target }) => String(target))]);
      assert.deepEqual(found, [], `${colorScheme}, ${sample}`);
    }
  }
});

test("at 360 pixels nothing is wider than the screen", async () => {
  await reopen({ viewport: { width: 360, height: 740 }, control: "" });
  for (const sample of SAMPLES) {
    await page.selectOption("#sample", sample);
    await page.waitForTimeout(250);
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, sample);
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("main *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest("pre, .scroll"))
        .map((one) => one.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(wide, [], sample);
  }
});
