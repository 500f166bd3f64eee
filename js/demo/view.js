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
  const benchmark = worst(findings.map((one) => one.benchmark.verdict), STATUS);
  const effect = worst(findings.map((one) => one.effective.verdict), EFFECT);
  const [first] = findings;
  const many = findings.length > 1;

  const edition = first && `${editionName(first.benchmark.id)} · `;
  const number = many ? counts(findings.map((one) => one.benchmark.verdict)) : first?.benchmark.number;
  showVerdict("benchmark", benchmark && STATUS[benchmark], first ? `${edition}${number}` : NOTHING, isStale);

  const title = many ? counts(findings.map((one) => one.effective.verdict)) : `${first?.title}?`;
  showVerdict("effective", effect && EFFECT[effect], first ? `${title}${versionOf(target?.kubelet)}` : "", isStale);
}

const NOTHING = "Write or paste a configuration.";

/** @param {Kubelet | undefined} kubelet */
function versionOf(kubelet) {
  return kubelet ? ` · Kubernetes ${kubelet.version}${kubelet.versionAssumed ? ", assumed" : ""}` : "";
}

/** @param {string[]} words */
function counts(words) {
  const each = [...new Set(words)];
  return each.map((word) => `${words.filter((other) => other === word).length} ${word}`).join(", ");
}

/**
 * @param {string} id
 * @param {[string, Tone] | undefined} verdict
 * @param {string} line
 * @param {boolean} isStale
 */
function showVerdict(id, verdict, line, isStale) {
  const card = byId(id);
  card.dataset.tone = verdict?.[1] ?? "none";
  card.classList.toggle("stale", isStale);
  card.querySelector(".word").textContent = verdict?.[0] ?? "–";
  card.querySelector(".line").textContent = line;
}

/**
 * What to know before reading the verdicts.
 * @param {Target | undefined} judged
 * @param {Issue[] | undefined} unreadable why the inputs cannot be read, where the verdicts are older ones
 */
function showRemark(judged, unreadable) {
  const remark = byId("remark");
  const finding = judged?.findings.find(disagreement);
  remark.hidden = !unreadable && !finding;
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
  } else if (finding) {
    remark.replaceChildren(h("strong", {}, "The two disagree. "), disagreement(finding) ?? "");
  }
}

/** @param {Finding} finding */
function disagreement({ benchmark, effective }) {
  if (benchmark.verdict === "pass" && effective.verdict !== "yes") {
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
  const open = openDetails(list);
  const findings = target?.findings ?? [];
  byId("findings-count").textContent = findings.length > 0 ? counts(findings.map((one) => one.status)) : "";
  list.classList.toggle("stale", isStale);
  list.replaceChildren(...findings.map(findingElement));
  if (findings.length === 0) {
    const problems = issueList(target?.errors ?? [], "errors");
    list.append(problems ?? h("p", { className: "nothing" }, "Nothing to show yet."));
  }
  for (const details of list.querySelectorAll("details")) details.open = open.has(details.dataset.key);
  // Their places are those of an older text.
  for (const jump of list.querySelectorAll("button.jump")) jump.disabled = isStale;
}

/** @param {HTMLElement} within */
function openDetails(within) {
  return new Set([...within.querySelectorAll("details")].filter((one) => one.open).map((one) => one.dataset.key));
}

/** @param {Finding} finding */
function findingElement(finding) {
  const { control, title, status, severity, benchmark, effective, message, why, fix, evidence, remediation } = finding;
  const [word, tone] = STATUS[status];
  const titleId = `finding-${control}`;
  return h(
    "article",
    { className: "finding", "aria-labelledby": titleId, "data-control": control },
    h(
      "header",
      {},
      h("span", { className: "badge", "data-tone": tone }, word),
      h("h3", { id: titleId }, `${benchmark.number} ${title}`),
    ),
    h(
      "p",
      { className: "meta" },
      `benchmark ${benchmark.verdict} · effective ${effective.verdict} · severity ${severity}`,
      benchmark.level === null ? "" : ` · level ${benchmark.level}`,
    ),
    h("p", { className: "message" }, sentence(message)),
    h(
      "dl",
      {},
      ...definition("Why", [why]),
      ...definition("Fix", fix ? [fix] : []),
      ...definition("Missing", effective.missing),
      ...definition("Notes", effective.notes),
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
            value === null ? "not written" : h("code", { className: "value" }, value),
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
  return h(
    "details",
    { "data-key": `${control}-remediation` },
    h("summary", {}, "How to mend it"),
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
    const [finding] = judged.findings;
    const verdicts = finding
      ? `Benchmark: ${STATUS[finding.benchmark.verdict][0]}. In effect: ${EFFECT[finding.effective.verdict][0]}. `
      : `${judged.errors[0]?.message ?? ""} `;
    text = verdicts + (judged.kubelet ? `${startWords(judged.kubelet)}.` : "");
  }
  if (status.textContent !== text) status.textContent = text;
}
