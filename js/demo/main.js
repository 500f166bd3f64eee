// The page: inputs, the audit, and the ways between them.

import { indexOfByte } from "kubelet-audit/codemirror";
import { listBenchmarks } from "kubelet-audit/controls";
import { audit, init, version } from "kubelet-audit/web";
import { byId, h } from "./dom.js";
import { makeEditor } from "./editor.js";
import { samples } from "./samples.js";
import { filterConfiguration, forgetOpened, show, showFailure } from "./view.js";
import { editionGroups, editionName, plural } from "./words.js";

/** @import { Finding, Location, Report, Request } from "kubelet-audit" */

const VERSIONS = ["1.36", "1.35", "1.34", "1.33", "1.32", "1.31", "1.30", "1.29", "1.28", "1.27", "1.26", "1.25"];
const OPENED_AT_FIRST = "aks";
const AUTO = "auto";
const FILE_BYTES = 16 * 1024 * 1024;
/** @type {import("./samples.js").Sample} */
const OWN = { name: "", title: "JSON, YAML or a /configz dump", text: "" };
/** By these names locations speak of the inputs that have none of their own. */
const CONFIG = "config";
const ARGS = "args";

/** @type {Report | undefined} the last one of inputs that could be read */
let good;
/** @type {string | undefined} which jump button leads back */
let cameFrom;

/** Gives the size of the module in bytes. */
const loaded = load(new URL("./kubelet_audit_bg.wasm", import.meta.url));

const editor = makeEditor(byId("editor"), { audit: timedAudit, request, source: CONFIG, onReport, onError: showFailure }, back);

/** @param {URL} url */
async function load(url) {
  const response = await fetch(url);
  const module = await response.arrayBuffer();
  await init(module);
  return module.byteLength;
}

/** @param {string | Request} input */
async function timedAudit(input) {
  const bytes = await loaded;
  const start = performance.now();
  const report = audit(input);
  const took = performance.now() - start;
  byId("about").textContent =
    `kubelet-audit ${version} · WebAssembly of ${Math.ceil(bytes / 1024)} KiB · last audit ${took.toFixed(1)} ms`;
  return chosen(report);
}

/**
 * The report with the control that was chosen. All are asked for, to know which there are to choose from.
 * @param {Report} report
 * @returns {Report}
 */
function chosen(report) {
  const judged = report.targets.find(({ findings }) => findings.length > 0);
  if (judged) offerControls(judged.findings);
  const control = byId("control").value;
  if (control === "") return report;
  const targets = report.targets.map((target) => ({
    ...target,
    findings: target.findings.filter((finding) => finding.control === control),
  }));
  return { ...report, targets };
}

/**
 * @param {string} text of the editor
 * @returns {Request | undefined} nothing where all inputs are empty
 */
function request(text) {
  const args = byId("args").value;
  const dropIns = dropInRows().map(({ name, text }) => ({ name: name.value.trim(), text: text.value }));
  /** @type {Request} */
  const request = { source: CONFIG, basis: byId("basis").value, benchmark: byId("edition").value };
  if (text.trim() !== "") request.config = text;
  if (dropIns.length > 0) request.dropIns = dropIns;
  if (args.trim() !== "") request.args = args;
  if (byId("version").value !== "") request.kubeletVersion = byId("version").value;
  return request.config === undefined && !request.dropIns && !request.args ? undefined : request;
}

/** @param {Report | undefined} report */
function onReport(report) {
  const isReadable = report?.targets[0]?.errors.length === 0;
  if (isReadable || !report) good = report;
  show(report, isReadable ? undefined : good);
}

/** @param {Finding[]} findings of all controls of the edition */
function offerControls(findings) {
  const select = byId("control");
  const slugs = findings.map(({ control }) => control);
  const offered = [...select.options].slice(1).map(({ value }) => value);
  if (slugs.join() === offered.join()) return;
  const { value } = select;
  select.replaceChildren(
    select.options[0],
    ...findings.map(({ control, title, benchmark }) => h("option", { value: control }, `${benchmark.number} ${title}`)),
  );
  // Another edition may not have it.
  select.value = slugs.includes(value) ? value : "";
}

/** Another input than the editor has changed. */
function changed() {
  const count = dropInRows().length;
  byId("drop-in-count").textContent = count === 0 ? "none" : plural(count, "file");
  byId("args-count").textContent = byId("args").value.trim() === "" ? "none" : "given";
  editor.refresh();
}

/** @returns {{ row: HTMLElement, name: HTMLInputElement, text: HTMLTextAreaElement }[]} */
function dropInRows() {
  return [...byId("drop-ins").children].map((row) => ({
    row,
    name: row.querySelector("input"),
    text: row.querySelector("textarea"),
  }));
}

/**
 * @param {string} name
 * @param {string} text
 */
function addDropIn(name, text) {
  const input = h("input", { type: "text", value: name, autocomplete: "off", spellcheck: false });
  const area = h("textarea", { rows: 5, value: text, spellcheck: false, autocomplete: "off", "aria-label": `Text of ${name}` });
  input.addEventListener("input", () => area.setAttribute("aria-label", `Text of ${input.value}`));
  const remove = h("button", { type: "button", className: "quiet" }, "Remove");
  const row = h(
    "fieldset",
    { className: "drop-in" },
    h("legend", { className: "hidden" }, "Drop-in"),
    h("div", { className: "row" }, h("label", { className: "field" }, h("span", {}, "Name"), input), remove),
    area,
  );
  remove.addEventListener("click", () => {
    row.remove();
    changed();
    byId("add-drop-in").focus();
  });
  byId("drop-ins").append(row);
  return area;
}

/** The next free name in the way such files are numbered. */
function nextName() {
  const names = dropInRows().map(({ name }) => name.value);
  for (let number = 10; ; number += 10) {
    const name = `${number}-node.conf`;
    if (!names.includes(name)) return name;
  }
}

/** What was seen of another text is of no interest for the next one. */
function fresh() {
  good = undefined;
  cameFrom = undefined;
  forgetOpened();
}

/** @param {import("./samples.js").Sample} sample */
function open({ title, text, args = "", version = "", benchmark = AUTO, dropIns = [] }) {
  fresh();
  byId("edition").value = benchmark;
  byId("file-note").textContent = title;
  byId("version").value = version;
  byId("args").value = args;
  byId("drop-ins").replaceChildren();
  for (const dropIn of dropIns) addDropIn(dropIn.name, dropIn.text);
  byId("drop-ins-card").open = dropIns.length > 0;
  byId("args-card").open = args !== "";
  changed();
  editor.load(text);
}

/**
 * Config files go to the editor, `.conf` files to the drop-ins.
 * @param {Iterable<File>} files
 */
async function openFiles(files) {
  const notes = [];
  for (const file of files) {
    try {
      if (file.size > FILE_BYTES) throw new Error("is larger than 16 MiB");
      const text = decode(await file.arrayBuffer());
      if (file.name.endsWith(".conf")) {
        addDropIn(file.name, text);
        byId("drop-ins-card").open = true;
      } else {
        fresh();
        editor.load(text);
        byId("sample").value = "";
      }
      notes.push(file.name);
    } catch (error) {
      notes.push(`${file.name} ${error instanceof Error ? error.message : error}`);
    }
  }
  byId("file-note").textContent = notes.join(", ");
  changed();
}

/** @param {ArrayBuffer} bytes */
function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("is not UTF-8 text");
  }
}

/** @param {Location} location */
function jump({ source, range }) {
  if (!range) return;
  if (source === CONFIG) {
    editor.select(range);
    return;
  }
  const dropIn = dropInRows().find(({ name }) => name.value.trim() === source);
  const area = source === ARGS ? byId("args") : dropIn?.text;
  if (!area) return;
  area.closest("details").open = true;
  area.focus();
  area.setSelectionRange(indexOfByte(area.value, range.start.offset), indexOfByte(area.value, range.end.offset));
  area.scrollIntoView({ block: "nearest" });
}

/** To the button that the last jump came from. It has been drawn anew if the report is another one. */
function back() {
  if (cameFrom === undefined) return false;
  const button = [...document.querySelectorAll("button.jump")].find(
    (one) => /** @type {HTMLElement} */ (one).dataset.about === cameFrom,
  );
  cameFrom = undefined;
  if (!(button instanceof HTMLButtonElement) || button.disabled) return false;
  for (let part = button.closest("details"); part; part = part.parentElement?.closest("details") ?? null) part.open = true;
  button.focus();
  button.scrollIntoView({ block: "nearest" });
  return true;
}

byId("sample").append(
  h("option", { value: "" }, "own text"),
  ...samples.map(({ name, title }) => h("option", { value: name }, title)),
);
byId("version").append(
  h("option", { value: "" }, "assumed: newest that starts"),
  ...VERSIONS.map((version) => h("option", { value: version }, version)),
);

const edition = (/** @type {string} */ id) => h("option", { value: id }, editionName(id));
byId("edition").append(
  edition("auto"),
  ...editionGroups(listBenchmarks()).map(([label, ids]) => h("optgroup", { label }, ...ids.map(edition))),
);

byId("sample").addEventListener("change", () => {
  open(samples.find(({ name }) => name === byId("sample").value) ?? OWN);
});
for (const id of ["version", "edition", "control", "basis"]) byId(id).addEventListener("change", changed);
for (const id of ["edition", "control"]) byId(id).addEventListener("change", forgetOpened);
byId("problems-only").addEventListener("input", () => {
  byId("findings").classList.toggle("problems-only", byId("problems-only").checked);
});
for (const id of ["args", "drop-ins"]) byId(id).addEventListener("input", changed);
byId("options").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
byId("add-drop-in").addEventListener("click", () => {
  const area = addDropIn(nextName(), "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
  changed();
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
});
byId("open").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", () => {
  openFiles([...byId("file").files]);
  // The same file can be opened again.
  byId("file").value = "";
});
for (const id of ["filter", "set-only"]) byId(id).addEventListener("input", filterConfiguration);

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button.jump") : null;
  if (!(button instanceof HTMLButtonElement) || !button.dataset.jump) return;
  cameFrom = button.dataset.about;
  jump(JSON.parse(button.dataset.jump));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target instanceof HTMLTextAreaElement && back()) event.preventDefault();
});

// In the capturing phase: the editor would paste the file, the browser would go to it.
for (const type of ["dragover", "drop", "dragleave"]) {
  document.addEventListener(
    type,
    (event) => {
      if (!(event instanceof DragEvent) || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      byId("drop-zone").classList.toggle("dropping", type === "dragover");
      if (type === "drop") openFiles([...event.dataTransfer.files]);
    },
    { capture: true },
  );
}

byId("sample").value = OPENED_AT_FIRST;
open(/** @type {import("./samples.js").Sample} */ (samples.find(({ name }) => name === OPENED_AT_FIRST)));
