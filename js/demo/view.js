// A report on the page.

import { byId, h } from "./dom.js";
import { EFFECT, LAYERS, ROUTES, STAGES, STATUS, STEPS, editionName, plural, worst } from "./words.js";

/** @import { Evidence, Finding, Issue, Kubelet, Location, Origin, Remediation, Report, Target } from "kubelet-audit" */
/** @import { Tone } from "./words.js" */

/**
 * Draws what there is to say.
 * @param {Report | undefined} report of what the inputs now are
 * @param {Report} [good] of the last inputs that could be read, where these cannot
 */
export function show(report, good) {
  const target = report?.targets[0];
  const judged = good?.targets[0] ?? target;
  const isStale = good !== undefined;
  showVerdicts(judged, isStale);
  showRemark(judged, isStale ? (target?.errors ?? []) : undefined);
  showFindings(judged, isStale);
  showKubelet(target);
  showConfiguration(target?.kubelet);
  say(target, judged, isStale);
}

/** @param {unknown} error */
export function showFailure(error) {
  const message = error instanceof Error ? error.message : String(error);
  const remark = byId("remark");
  remark.hidden = false;
  remark.replaceChildren(h("strong", {}, "This page failed. "), message);
}

/**
 * @param {Target | undefined} target
 * @param {boolean} isStale
 */
function showVerdicts(target, isStale) {
  const findings = target?.findings ?? [];
  const [first] = findings;
  const benchmark = worst(findings.map((one) => one.benchmark.verdict), STATUS);
  const effect = worst(findings.map((one) => one.effective.verdict), EFFECT);
  if (!first || !benchmark || !effect) {
    showVerdict("benchmark", ["–", "none"], NOTHING, isStale);
    showVerdict("effective", ["–", "none"], "", isStale);
    return;
  }
  const edition = editionName(first.benchmark.id);
  const version = versionOf(target?.kubelet);
  const [benchmarkWord, benchmarkTone] = STATUS[benchmark];
  const [effectWord, effectTone] = EFFECT[effect];
  if (findings.length === 1) {
    showVerdict("benchmark", [benchmarkWord, benchmarkTone], `${edition} · ${first.benchmark.number}`, isStale);
    showVerdict("effective", [effectWord, effectTone], `${first.title}? · ${version}`, isStale);
    return;
  }
  const asked = findings.filter((one) => one.benchmark.verdict !== "not-applicable");
  const passes = asked.filter((one) => one.benchmark.verdict === "pass");
  const holds = findings.filter((one) => one.effective.verdict === "yes");
  const others = except(findings.map((one) => one.benchmark.verdict), "pass");
  const lacks = except(findings.map((one) => one.effective.verdict), "yes");
  showVerdict("benchmark", [`${passes.length} of ${asked.length} pass`, benchmarkTone], `${edition}${others}`, isStale);
  const word = effect === "does-not-start" ? effectWord : `${holds.length} of ${findings.length} hold`;
  showVerdict("effective", [word, effectTone], `${version}${lacks}`, isStale);
}

/**
 * @param {string[]} words
 * @param {string} good
 */
function except(words, good) {
  const others = words.filter((word) => word !== good);
  return others.length > 0 ? ` · ${counts(others)}` : "";
}

const NOTHING = "Write or paste a configuration.";

/** @param {Kubelet | undefined} kubelet */
function versionOf(kubelet) {
  return kubelet ? `Kubernetes ${kubelet.version}${kubelet.versionAssumed ? ", assumed" : ""}` : "";
}

/** @param {string[]} words */
function counts(words) {
  const each = [...new Set(words)];
  return each.map((word) => `${words.filter((other) => other === word).length} ${word}`).join(", ");
}

/**
 * @param {string} id
 * @param {[string, Tone]} verdict
 * @param {string} line
 * @param {boolean} isStale
 */
function showVerdict(id, [word, tone], line, isStale) {
  const card = byId(id);
  card.dataset.tone = tone;
  card.classList.toggle("stale", isStale);
  card.querySelector(".word").textContent = word;
  card.querySelector(".line").textContent = line;
}

/**
 * What to know before reading the verdicts.
 * @param {Target | undefined} judged
 * @param {Issue[] | undefined} unreadable why the inputs cannot be read, where the verdicts are older ones
 */
function showRemark(judged, unreadable) {
  const remark = byId("remark");
  const disputed = judged?.findings.filter(disagreement) ?? [];
  remark.hidden = !unreadable && disputed.length === 0;
  remark.dataset.tone = unreadable ? "bad" : "info";
  if (unreadable) {
    const [issue] = unreadable;
    remark.replaceChildren(
      h("strong", {}, "This cannot be read as it stands: "),
      issue?.message ?? "",
      " ",
      issue?.location ? jumpTo(issue.location, "remark") : "",
      " The verdicts in grey are of the last text that could be.",
    );
  } else if (disputed.length === 1) {
    const [finding] = disputed;
    const which = judged?.findings.length === 1 ? "" : ` on ${finding.benchmark.number} ${finding.title}`;
    remark.replaceChildren(h("strong", {}, `The two disagree${which}. `), disagreement(finding) ?? "");
  } else {
    const numbers = disputed.map(({ benchmark }) => benchmark.number).join(", ");
    remark.replaceChildren(h("strong", {}, `The two disagree on ${numbers}: `), "what is written is not what this kubelet does.");
  }
}

/** @param {Finding} finding */
function disagreement({ benchmark, effective }) {
  if (benchmark.verdict === "pass" && ["no", "partly"].includes(effective.verdict)) {
    return "The benchmark’s audit is content with what is written, but that is not what this kubelet does.";
  }
  if (benchmark.verdict === "fail" && effective.verdict === "yes") {
    return "This kubelet does what the control is about, but the benchmark’s audit wants it written.";
  }
  return undefined;
}

/**
 * @param {Target | undefined} target
 * @param {boolean} isStale
 */
function showFindings(target, isStale) {
  const list = byId("findings");
  const findings = target?.findings ?? [];
  // At first the one that says most is open; from then on it is the reader's choice.
  const telling = findings.length === 1 ? findings[0] : (findings.find(disagreement) ?? findings.find(isProblem));
  opened ??= telling && new Set([telling.control]);
  byId("findings-count").textContent = findings.length > 0 ? counts(findings.map((one) => one.status)) : "";
  list.classList.toggle("stale", isStale);
  list.replaceChildren(...findings.map(findingElement));
  if (findings.length === 0) {
    const problems = issueList(target?.errors ?? [], "errors");
    list.append(problems ?? h("p", { className: "nothing" }, "Nothing to show yet."));
  }
  // Their places are those of an older text.
  for (const jump of list.querySelectorAll("button.jump")) jump.disabled = isStale;
}

/** @type {Set<string> | undefined} which parts of the findings are open; undefined before the first report */
let opened;

/** For another text. */
export function forgetOpened() {
  opened = undefined;
}

/**
 * A part that can be opened, and is when it was before the last report.
 * @param {Record<string, unknown>} properties
 * @param {string} key
 * @param {...(Node | undefined)} children
 */
function opening(properties, key, ...children) {
  const details = h("details", { ...properties, open: opened?.has(key) ?? false }, ...children);
  details.addEventListener("toggle", () => {
    opened ??= new Set();
    if (details.open) opened.add(key);
    else opened.delete(key);
  });
  return details;
}

/** @param {Finding} finding */
function isProblem({ status, effective }) {
  return status === "fail" || status === "error" || !["yes", "unknown"].includes(effective.verdict);
}

/** @param {Finding} finding */
function findingElement(finding) {
  const { control, title, status, severity, benchmark, effective, message, why, fix, evidence, remediation } = finding;
  const [word, tone] = STATUS[status];
  return opening(
    { className: isProblem(finding) ? "finding problem" : "finding", "data-control": control },
    control,
    h(
      "summary",
      {},
      h("span", { className: "badge", "data-tone": tone }, word),
      h("h3", {}, `${benchmark.number} ${title}`),
      h("span", { className: "meta" }, `benchmark ${benchmark.verdict} · effective ${effective.verdict}`),
    ),
    h("p", { className: "message" }, sentence(message)),
    h(
      "dl",
      {},
      ...definition("Why", [why]),
      ...definition("Fix", fix ? [fix] : []),
      ...definition("Missing", effective.missing),
      ...definition("Notes", effective.notes),
      ...definition("Asked", [benchmark.title]),
      ...definition("Weight", [`severity ${severity}${benchmark.level === null ? "" : `, level ${benchmark.level}`}`]),
    ),
    evidence.length > 0 ? evidenceElement(evidence, control) : undefined,
    remediation && remediationElement(remediation, control),
  );
}

/**
 * @param {string} term
 * @param {string[]} texts
 */
function definition(term, texts) {
  if (texts.length === 0) return [];
  return [h("dt", {}, term), ...texts.map((text) => h("dd", {}, sentence(text)))];
}

/**
 * The report's sentences start small, as compilers' do. What starts with a name of the configuration
 * stays as it is.
 * @param {string} text
 */
function sentence(text) {
  return /^[a-z]+['’]?[a-z]* /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/**
 * @param {Evidence[]} evidence
 * @param {string} control
 */
function evidenceElement(evidence, control) {
  return h(
    "div",
    { className: "evidence" },
    h("h4", {}, "Evidence"),
    h(
      "ul",
      {},
      ...evidence.map(({ path, layer, value, decided, location }, index) =>
        h(
          "li",
          {},
          h(
            "span",
            {},
            h("code", {}, path),
            value === undefined ? "not set" : h("code", { className: "value" }, value),
            location?.source === layer ? undefined : h("span", { className: "from" }, LAYERS[layer]),
          ),
          h(
            "span",
            {},
            decided ? h("span", { className: "decides" }, "decides") : undefined,
            location && jumpTo(location, `${control}-${index}`),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {Remediation} remediation
 * @param {string} control
 */
function remediationElement({ routes, commands }, control) {
  return opening(
    { className: "remediation" },
    `${control}-remediation`,
    h("summary", {}, "How to fix"),
    ...routes.map(({ kind, summary, settings, file, variable }) =>
      h(
        "div",
        { className: "route" },
        h("h4", {}, ROUTES[kind]),
        h("p", {}, sentence(summary), "."),
        settings.length > 0 ? code(settings.map(({ name, value }) => setting(kind, name, value)).join("\n")) : undefined,
        file ? h("p", { className: "meta" }, `${file}${variable ? `, in ${variable}` : ""}`) : undefined,
      ),
    ),
    h("h4", {}, "Steps"),
    h(
      "ol",
      {},
      ...commands.map(({ step, summary, commands: lines }) =>
        h("li", {}, h("strong", {}, STEPS[step]), `: ${summary}`, code(lines.join("\n"))),
      ),
    ),
  );
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {unknown} value
 */
function setting(kind, name, value) {
  return kind === "arguments" ? `${name}=${value}` : `${name}: ${JSON.stringify(value)}`;
}

/** @param {string} text */
function code(text) {
  return h("pre", { tabIndex: 0 }, h("code", {}, text));
}

/**
 * @param {Location} location
 * @param {string} about tells jumps to one place apart, so that the way back leads to the same one
 */
function jumpTo({ source, range }, about) {
  const place = range ? `${source}:${range.start.line}:${range.start.column}` : source;
  if (!range) return h("span", { className: "from" }, place);
  const button = h("button", { type: "button", className: "jump", title: `Go to ${place}` }, place);
  button.dataset.jump = JSON.stringify({ source, range });
  button.dataset.about = about;
  return button;
}

/**
 * @param {Issue[]} issues
 * @param {string} about
 */
function issueList(issues, about) {
  if (issues.length === 0) return undefined;
  return h(
    "ul",
    { className: "issues" },
    ...issues.map(({ severity, message, help, location }, index) =>
      h(
        "li",
        { "data-severity": severity },
        h("span", { className: "severity" }, severity),
        h(
          "div",
          {},
          h("p", {}, sentence(message), " ", location ? jumpTo(location, `${about}-${index}`) : ""),
          help ? h("p", { className: "help" }, sentence(help)) : undefined,
        ),
      ),
    ),
  );
}

/** @param {Target | undefined} target */
function showKubelet(target) {
  const panel = byId("kubelet");
  const kubelet = target?.kubelet;
  byId("kubelet-rules").textContent = !kubelet
    ? ""
    : kubelet.rules === "vectors"
      ? "rules proved with the kubelet’s own code"
      : "rules read from the kubelet’s source";
  if (!kubelet) {
    panel.replaceChildren(issueList(target?.errors ?? [], "kubelet") ?? h("p", { className: "nothing" }, "Nothing to show yet."));
    return;
  }
  const parts = [
    h("p", { className: "starts", "data-tone": startTone(kubelet) }, startWords(kubelet)),
    kubelet.starts === null ? undefined : stages(kubelet),
    kubelet.missingLayers.length > 0
      ? h("p", {}, `Not given: ${kubelet.missingLayers.join(", ")}`)
      : undefined,
    kubelet.lenient
      ? h("p", {}, "It says so in its log and goes on: strict decoding failed, lenient decoding did not.")
      : undefined,
    issueList([...kubelet.errors, ...kubelet.warnings], "kubelet"),
  ];
  panel.replaceChildren(...parts.filter((part) => part !== undefined));
}

/** @param {Kubelet} kubelet */
function startTone({ starts }) {
  return starts === null ? "warn" : starts ? "good" : "bad";
}

/** @param {Kubelet} kubelet */
function startWords({ version, starts, stage, panics, layers }) {
  if (layers.includes("configz")) return `Kubelet ${version} runs: this is what it answered`;
  if (starts === null) return `Kubelet ${version}: whether it starts cannot be said`;
  if (starts) return `Kubelet ${version} starts`;
  return `Kubelet ${version} ${panics ? "panics" : "stops"}${stage ? ` at: ${STAGES[stage]}` : ""}`;
}

/**
 * A kubelet's way up, and where it stops.
 * @param {Kubelet} kubelet
 */
function stages({ starts, stage }) {
  return h(
    "ol",
    { className: "stages", "aria-label": "Stages of its start" },
    ...Object.entries(STAGES).map(([key, name]) => {
      const state = starts ? "passed" : key === stage ? "stops here" : undefined;
      return h("li", { "data-state": state }, name, state && h("span", { className: "hidden" }, `: ${state}`));
    }),
  );
}

/** @type {{ field: string, value: string, from: string, origin: Origin | undefined, isSet: boolean }[]} */
let rows = [];
/** @type {string | undefined} */
let why;

/** @param {Kubelet | undefined} kubelet */
function showConfiguration(kubelet) {
  rows = configurationRows(kubelet);
  why = kubelet && rows.length === 0 ? "It stops before its configuration is complete." : undefined;
  filterConfiguration();
}

/** Draws the rows that the filter lets through. */
export function filterConfiguration() {
  const needle = byId("filter").value.trim().toLowerCase();
  const shown = rows.filter(
    ({ field, value, from, isSet }) =>
      (isSet || !byId("set-only").checked) && `${field} ${value} ${from}`.toLowerCase().includes(needle),
  );
  byId("configuration-count").textContent =
    rows.length === 0 ? "none" : shown.length === rows.length ? plural(rows.length, "field") : `${shown.length} of ${rows.length} fields`;
  byId("configuration").replaceChildren(
    ...shown.map(({ field, value, from, origin, isSet }) =>
      h(
        "tr",
        { className: isSet ? "set" : "" },
        h("th", { scope: "row" }, h("code", {}, field)),
        h("td", {}, h("code", {}, value)),
        h(
          "td",
          {},
          origin?.location?.source === origin?.layer ? "" : `${from} `,
          origin?.location ? jumpTo(origin.location, `field-${field}`) : "",
        ),
      ),
    ),
  );
  if (shown.length === 0) {
    const text = why ?? (rows.length === 0 ? "Nothing to show yet." : "No field is like that.");
    byId("configuration").append(h("tr", {}, h("td", { colSpan: 3, className: "nothing" }, text)));
  }
}

/** @param {Kubelet | undefined} kubelet */
function configurationRows(kubelet) {
  const origins = kubelet?.origins ?? {};
  return Object.entries(kubelet?.effective ?? {})
    .flatMap(([field, value]) => {
      // Gates have an origin each.
      const parts = typeof value === "object" && value !== null ? Object.entries(value) : [];
      const single = parts.filter(([name]) => origins[`${field}.${name}`]);
      return single.length > 0
        ? single.map(([name, part]) => /** @type {[string, unknown]} */ ([`${field}.${name}`, part]))
        : [/** @type {[string, unknown]} */ ([field, value])];
    })
    .map(([field, value]) => {
      const origin = origins[field];
      return {
        field,
        value: typeof value === "string" ? value || '""' : JSON.stringify(value),
        from: origin ? LAYERS[origin.layer] : "",
        origin,
        isSet: origin !== undefined && origin.layer !== "default" && origin.layer !== "generated",
      };
    });
}

/**
 * One sentence for who listens, and only if it is a new one.
 * @param {Target | undefined} target
 * @param {Target | undefined} judged
 * @param {boolean} isStale
 */
function say(target, judged, isStale) {
  const status = byId("spoken");
  let text = "Nothing to audit.";
  if (isStale) text = `Cannot be read: ${target?.errors[0]?.message ?? ""}`;
  else if (judged) {
    const [benchmark, effect] = ["benchmark", "effective"].map((id) => byId(id).querySelector(".word").textContent);
    const verdicts =
      judged.findings.length > 0
        ? `Benchmark: ${benchmark}. In effect: ${effect}. `
        : `${judged.errors[0]?.message ?? ""} `;
    text = verdicts + (judged.kubelet ? `${startWords(judged.kubelet)}.` : "");
  }
  if (status.textContent !== text) status.textContent = text;
}
