import type { Applied, ControlExplanation, Purpose, Report, Request } from "./types.js";

export type * from "./types.js";

/**
 * Audits one node.
 *
 * A string is the text of its kubelet config (JSON or YAML) or of a `/configz` answer; a request can
 * bring the other layers, and a config that is already parsed, which then has no positions.
 *
 * What is wrong with a configuration, a syntax error included, is part of the report. Thrown is only
 * an {@link AuditError}, for what is wrong with the call.
 */
export function audit(input: string | Request): Report;

/** What {@link applyFixes} may do. */
export interface FixOptions {
  /** Unsafe fixes as well: those that need something which the files do not show. */
  unsafeFixes?: boolean;
  /** Fixes of these controls alone. */
  controls?: string[];
  /** Only what the benchmark asks for, or only what the real effect needs. */
  purpose?: Purpose;
  /** Where settings go that no flag decides: where they are kept, or into a drop-in of our own. */
  route?: "in-place" | "drop-in";
  /** The request that the report was made from, where it had more than a config. */
  request?: Request;
}

/**
 * Makes the fixes of a report in the text of its config, each proved by an audit of what it leaves: the
 * finding passes, the kubelet starts, and no value changes that the fix does not name. What could not
 * be proved is in `skipped`, with the reason; nothing is made by halves.
 *
 * Thrown is an {@link AuditError} where the report is not about this text and these layers.
 */
export function applyFixes(text: string, report: Report, options?: FixOptions): Applied;

/** A format of {@link render}; the same as those of the command's `--format`. */
export type ReportFormat =
  | "text"
  | "json"
  | "json-pretty"
  | "sarif"
  | "junit"
  | "github"
  | "gitlab"
  | "markdown"
  | "openreports"
  | "policyreport"
  | "ndjson";

/**
 * Writes a report in one of the command's formats. The report is an object, or its JSON text.
 *
 * The text has what the report has: places are named, but the lines they point to are not shown.
 *
 * Thrown is an {@link AuditError} where this is no report or no format.
 */
export function render(report: Report | string, format: ReportFormat): string;

/** All about one control; undefined where there is none of this slug. `kubelet-audit/controls` lists them. */
export function explain(control: string): ControlExplanation | undefined;

/** What {@link init} can load the module from. */
export type InitInput = string | URL | globalThis.Request | Response | BufferSource | WebAssembly.Module;

/**
 * Loads the module, where that takes time: call it first in browsers. Without an argument
 * `kubelet_audit_bg.wasm` beside the script is fetched. In Node, Deno, Bun and workerd nothing has to be awaited,
 * and this does nothing.
 */
export function init(input?: InitInput | PromiseLike<InitInput>): Promise<void>;

/** The version of this package. */
export const version: string;

/**
 * - `invalid-argument`: the call passes what is not a request (bytes, a class instance, a cycle), or an option
 *   names a benchmark, control, level or Kubernetes version that does not exist; `path` names the option.
 * - `not-initialized`: the call came before `init` was done.
 * - `load`: the module could not be loaded.
 * - `internal`: the module failed. That is a bug, please report it. The next call works again.
 */
export type AuditErrorCode = "invalid-argument" | "not-initialized" | "load" | "internal";

/** What an {@link AuditError} is made with. */
export interface AuditErrorOptions extends ErrorOptions {
  path?: string | undefined;
  help?: string | undefined;
}

/** What `audit` and `init` throw. What is wrong with a configuration is never thrown: it is in the report. */
export class AuditError extends Error {
  /** `message` is followed by the help. */
  constructor(code: AuditErrorCode, message: string, options?: AuditErrorOptions);
  readonly code: AuditErrorCode;
  /** The place in the argument that is wrong, such as `request.dropIns[1].text`. */
  readonly path: string | undefined;
  /** What to do about it; the message ends with it. */
  readonly help: string | undefined;
}
