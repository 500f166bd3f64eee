// A strict user of the package: it reads every field of a report and writes every field of a request.
// `tsc` checks it, and a test that no field of the types is left out here.

import { applyFixes, audit, AuditError, explain, init, render, version } from "kubelet-audit";
import * as web from "kubelet-audit/web";
import type {
  Applicability,
  Applied,
  AppliedFix,
  ArgsFile,
  ArgsInput,
  Assessment,
  BaselineState,
  Basis,
  BenchmarkVerdict,
  CommandStep,
  ConfigInput,
  DropIn,
  Effect,
  EffectiveVerdict,
  Evidence,
  FileChange,
  Finding,
  Fix,
  FixedFile,
  FixOptions,
  FixTarget,
  Group,
  Issue,
  IssueSeverity,
  Kubelet,
  Location,
  Origin,
  OriginLayer,
  PatchOperation,
  PlatformChange,
  Point,
  Purpose,
  Range,
  Remediation,
  Report,
  ReportFormat,
  Request,
  Route,
  RouteKind,
  RulesFrom,
  VersionSource,
  ServingCertificates,
  Setting,
  Severity,
  SkippedFix,
  Stage,
  Status,
  Step,
  Summary,
  Target,
  TextEdit,
  Tool,
  Waived,
} from "kubelet-audit";

/** Fails to compile where a union has a member that the switch does not name. */
function never(value: never): never {
  throw new Error(String(value));
}

function point({ offset, line, column }: Point): number {
  return offset + line + column;
}

function range({ start, end }: Range): number {
  return point(end) - point(start);
}

function location({ source, range: place }: Location): string {
  return place === undefined ? source : `${source}:${range(place)}`;
}

function issueWeight(severity: IssueSeverity): number {
  switch (severity) {
    case "error":
      return 2;
    case "warning":
      return 1;
    case "note":
      return 0;
    default:
      return never(severity);
  }
}

function issue({ code, severity, message, help, location: at }: Issue): string {
  return `${issueWeight(severity)} ${code} ${message} ${help?.toUpperCase()} ${at && location(at)}`;
}

function layerName(layer: OriginLayer): string {
  switch (layer) {
    case "default":
    case "config":
    case "drop-in":
    case "flag":
    case "configz":
    case "generated":
    case "platform":
      return layer;
    default:
      return never(layer);
  }
}

function origin({ layer, location: at }: Origin): string {
  return layerName(layer) + (at ? location(at) : "");
}

function stageName(stage: Stage): string {
  switch (stage) {
    case "command-line":
    case "feature-gates":
    case "flag-validation":
    case "config-file":
    case "drop-in":
    case "precedence":
    case "logging":
    case "validation":
    case "tls":
    case "authorization":
    case "start-up":
    case "listen":
      return stage;
    default:
      return never(stage);
  }
}

function rulesName(rules: RulesFrom): string {
  return rules === "vectors" || rules === "tables" ? rules : never(rules);
}

function versionFrom(source: VersionSource): string {
  switch (source) {
    case "option":
    case "node":
    case "object":
    case "assumed":
      return source;
    default:
      return never(source);
  }
}

function kubelet(one: Kubelet): string[] {
  const starts: boolean | null = one.starts;
  const flags: Record<string, unknown> = one.flags ?? {};
  const effective: Record<string, unknown> = one.effective ?? {};
  const from: Origin | undefined = one.origins?.["featureGates"];
  return [
    one.version,
    String(one.versionAssumed),
    versionFrom(one.versionSource),
    rulesName(one.rules),
    ...one.layers,
    String(starts),
    one.stage === undefined ? "" : stageName(one.stage),
    String(one.panics),
    String(one.lenient),
    ...one.errors.map(issue),
    ...one.warnings.map(issue),
    ...one.missingLayers,
    ...Object.keys(effective),
    ...Object.keys(flags),
    from === undefined ? "" : origin(from),
  ];
}

function statusName(status: Status): string {
  switch (status) {
    case "pass":
    case "fail":
    case "manual":
    case "not-applicable":
    case "error":
      return status;
    default:
      return never(status);
  }
}

function severityWeight(severity: Severity): number {
  switch (severity) {
    case "info":
      return 0;
    case "low":
      return 1;
    case "medium":
      return 2;
    case "high":
      return 3;
    case "critical":
      return 4;
    default:
      return never(severity);
  }
}

function assessmentName(assessment: Assessment): string {
  switch (assessment) {
    case "automated":
    case "manual":
    case "unknown":
      return assessment;
    default:
      return never(assessment);
  }
}

function effectName(effect: Effect): string {
  switch (effect) {
    case "yes":
    case "no":
    case "partly":
    case "does-not-start":
    case "unknown":
      return effect;
    default:
      return never(effect);
  }
}

function benchmark({ id, number, title, level, assessment, verdict }: BenchmarkVerdict): string {
  const profile: number | null = level;
  return [id, number, title, profile?.toFixed(), assessmentName(assessment), statusName(verdict)].join();
}

function effective({ verdict, missing, notes }: EffectiveVerdict): string {
  return [effectName(verdict), ...missing, ...notes].join();
}

function evidence({ path, layer, value, decided, location: at }: Evidence): string {
  const written: string | undefined = value;
  return [path, layerName(layer), written?.trim(), decided === true, at && location(at)].join();
}

function purposeName(purpose: Purpose): string {
  switch (purpose) {
    case "benchmark":
    case "effective":
    case "both":
      return purpose;
    default:
      return never(purpose);
  }
}

function setting({ name, value, purpose }: Setting): string {
  const any: unknown = value;
  return `${name}=${JSON.stringify(any)} ${purposeName(purpose)}`;
}

function routeName(kind: RouteKind): string {
  switch (kind) {
    case "config-file":
    case "arguments":
    case "configz":
      return kind;
    default:
      return never(kind);
  }
}

function route({ kind, summary, settings, file, variable }: Route): string {
  return [routeName(kind), summary, ...settings.map(setting), file?.trim(), variable?.trim()].join();
}

function stepName(step: Step): string {
  switch (step) {
    case "find":
    case "apply":
    case "approve":
    case "verify":
      return step;
    default:
      return never(step);
  }
}

function commandStep({ step, summary, commands }: CommandStep): string {
  return [stepName(step), summary, ...commands].join();
}

function remediation({ routes, commands }: Remediation): string {
  return [...routes.map(route), ...commands.map(commandStep)].join();
}

function applicabilityName(applicability: Applicability): string {
  return applicability === "safe" || applicability === "unsafe" ? applicability : never(applicability);
}

function targetName(fixTarget: FixTarget): string {
  switch (fixTarget) {
    case "config-file":
    case "drop-in":
    case "arguments":
    case "platform":
      return fixTarget;
    default:
      return never(fixTarget);
  }
}

function textEdit({ range: at, text }: TextEdit): string {
  return `${range(at)} ${text}`;
}

function operation({ op, path, value }: PatchOperation): string {
  const any: unknown = value;
  return `${op} ${path} ${JSON.stringify(any)}`;
}

function fileChange({ source, byHand, layer, edits, patch, content }: FileChange): string {
  return [
    source,
    byHand === true,
    layer && layerName(layer),
    ...edits.map(textEdit),
    ...(patch ?? []).map(operation),
    content?.trim(),
  ].join();
}

function fix(one: Fix): string {
  return [
    one.control?.trim(),
    one.code?.trim(),
    purposeName(one.purpose),
    one.title,
    applicabilityName(one.applicability),
    one.reason,
    targetName(one.target),
    one.alternative === true,
    ...one.settings.map(setting),
    ...one.changes.map(fileChange),
    ...one.alsoChanges,
    ...one.before,
    ...one.after,
    one.refused?.trim(),
  ].join();
}

function appliedFix(one: AppliedFix): string {
  return [
    one.control?.trim(),
    one.code?.trim(),
    purposeName(one.purpose),
    one.title,
    applicabilityName(one.applicability),
    one.reason,
    ...one.settings.map(setting),
    ...one.alsoChanges,
    ...one.before,
    ...one.after,
  ].join();
}

function skippedFix({ control, code, purpose, title, reason, isUnsafe }: SkippedFix): string {
  return [control?.trim(), code?.trim(), purposeName(purpose), title, reason, isUnsafe === true].join();
}

function fixedFile({ source, layer, isNew, byHand, text, diff }: FixedFile): string {
  return [source, layerName(layer), isNew === true, byHand === true, text, diff].join();
}

function platformChange({ platform, object, advice, commands, content, leftOut }: PlatformChange): string {
  return [platform, object, advice, ...commands, content?.trim(), ...leftOut].join();
}

function applied(one: Applied): string {
  return [
    one.text,
    one.diff,
    ...one.files.map(fixedFile),
    ...one.applied.map(appliedFix),
    ...one.skipped.map(skippedFix),
    one.platform && platformChange(one.platform),
    print(one.report),
  ].join();
}

function finding(one: Finding): string {
  return [
    one.control,
    one.title,
    one.failureTitle,
    statusName(one.status),
    severityWeight(one.severity),
    benchmark(one.benchmark),
    effective(one.effective),
    one.message,
    one.why,
    one.fix,
    ...one.evidence.map(evidence),
    one.remediation && remediation(one.remediation),
    ...(one.fixes ?? []).map(fix),
    one.fingerprint,
    one.waived && waived(one.waived),
    one.baselineState && isKnown(one.baselineState),
  ].join();
}

function waived({ reason, expires }: Waived): string {
  return `${reason} until ${expires}`;
}

function isKnown(state: BaselineState): boolean {
  switch (state) {
    case "new":
      return false;
    case "unchanged":
      return true;
  }
}

function target(one: Target): string {
  return [
    one.source,
    one.node?.trim(),
    ...(one.kubelet === undefined ? [] : kubelet(one.kubelet)),
    ...one.findings.map(finding),
    ...one.errors.map(issue),
  ].join();
}

function tool({ name, version: of }: Tool): string {
  return `${name} ${of}`;
}

function group({ control, title, status: of, benchmark, effective, message, fix, targets, examples }: Group): number {
  const verdicts = `${benchmark && statusName(benchmark)} ${effective && effectName(effective)}`;
  return `${control?.trim()} ${title} ${statusName(of)} ${verdicts} ${message} ${fix} ${examples.join()}`.length + targets;
}

function summary(one: Summary): number {
  const { ok, targets, unreadable, pass, fail, manual, notApplicable, error, groups, waived: accepted, unchanged } = one;
  groups?.forEach(group);
  if (ok === true) return targets;
  return targets + unreadable + pass + fail + manual + notApplicable + error + (accepted ?? 0) + (unchanged ?? 0);
}

export function print(report: Report): string {
  const schema: string = report.schemaVersion;
  return [schema, tool(report.tool), ...report.targets.map(target), summary(report.summary), ...(report.notices ?? []).map(issue)].join();
}

const dropIn: DropIn = { name: "10-a.conf", text: "" };
const file: ArgsFile = { name: "kubelet.service", text: "" };
const argsForms: ArgsInput[] = ["--v=2", ["kubelet", "--v=2"], [file]];
const configForms: ConfigInput[] = ["", { kind: "KubeletConfiguration" }];
const bases: Basis[] = ["benchmark", "effective", "both"];
const servingForms: ServingCertificates[] = ["auto", "api-server", "external"];

export const full: Request = {
  config: configForms[0] ?? "",
  dropIns: [dropIn],
  args: argsForms[0] ?? "",
  kubeletVersion: "1.36",
  nodeVersion: "v1.36.1",
  assumeConfig: false,
  benchmark: "cis-aks-1.7",
  controls: ["rotate-kubelet-server-certificate"],
  level: 1,
  severity: "low",
  basis: bases[0] ?? "both",
  node: "node",
  source: "node.json",
  servingCertificates: servingForms[0] ?? "auto",
  effective: true,
  fixes: true,
  maxBytes: 1 << 20,
};
export const least: Request = {};
const formats: ReportFormat[] = [
  "text",
  "json",
  "json-pretty",
  "sarif",
  "junit",
  "github",
  "gitlab",
  "markdown",
  "openreports",
  "policyreport",
  "ndjson",
];
export const fixOptions: FixOptions = {
  unsafeFixes: true,
  controls: ["read-only-port"],
  purpose: "benchmark",
  route: "in-place",
  request: full,
};

export async function use(): Promise<string> {
  await init();
  await web.init(new URL("https://example.invalid/kubelet_audit.wasm"));
  await web.init(fetch("kubelet_audit.wasm"));
  await web.init(new Uint8Array());
  try {
    return [version, print(audit("")), print(audit(full)), print(web.audit(least)), applied(applyFixes("", audit(""), fixOptions)), explain("read-only-port")?.title, render(audit(""), "text"), render("{}", formats[0] ?? "json")].join();
  } catch (error) {
    if (error instanceof AuditError) {
      const code: "invalid-argument" | "not-initialized" | "load" | "internal" = error.code;
      const [path, help]: (string | undefined)[] = [error.path, error.help];
      return [code, error.message, path?.trim(), help?.trim()].join();
    }
    throw error;
  }
}

// @ts-expect-error a number is no request
audit(1);
// @ts-expect-error bytes are no text
audit(new Uint8Array());
// @ts-expect-error there is no such field
audit({ confg: "" });
// @ts-expect-error there is no such option
applyFixes("", audit(""), { unsafe: true });
// @ts-expect-error there is no such format
render(audit(""), "xml");
// @ts-expect-error there is no such basis
audit({ basis: "none" });
// @ts-expect-error the code is one of four
export const wrong: AuditError["code"] = "other";
// @ts-expect-error reports have no such field
print(audit("")).findings;
