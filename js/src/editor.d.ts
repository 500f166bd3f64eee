import type { Diagnostic } from "@codemirror/lint";
import type { Extension, Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Range, Report, Request } from "./types.js";

export interface KubeletLinterOptions {
  /**
   * What audits: the package's `audit`, after `init()`, or a function that asks a worker. Of answers that
   * overtake each other the one to the newest question counts.
   */
  audit: (input: string | Request) => Report | PromiseLike<Report>;
  /**
   * Makes the request from the document's text: here go the other layers and the version. Undefined: there
   * is nothing to audit. The text alone where left out.
   */
  request?: ((text: string) => string | Request | undefined) | undefined;
  /** By which name the request calls the document, as its `source` or as a drop-in; `config` where left out. */
  source?: string | undefined;
  /** Milliseconds without an edit before it looks; 150 where left out. */
  delay?: number | undefined;
  /** Gets every report that is shown, and undefined where there was nothing to audit. */
  onReport?: ((report: Report | undefined) => void) | undefined;
  /** Gets what `audit` or `request` threw. The editor shows it, too. */
  onError?: ((error: unknown) => void) | undefined;
}

/**
 * Underlines what a kubelet and the controls say of the document. A text that cannot be read shows why, and
 * keeps the last findings in grey.
 */
export function kubeletLinter(options: KubeletLinterOptions): Extension;

/** Runs the linter again: for when something else of the request has changed. */
export function refreshKubeletLint(view: EditorView): void;

/**
 * What a report says of one text, for an editor that shows reports made elsewhere. `source` is the text's
 * name in the report, `config` where left out.
 */
export function diagnosticsOf(
  report: Report,
  doc: Text,
  options?: { source?: string | undefined },
): Diagnostic[];

/** Where a range of a report is in a document; an empty range takes a word beside it, so as to be seen. */
export function spanOf(doc: Text, range: Range): { from: number; to: number };

/** The index in a string of the character that holds the byte at `offset` of its UTF-8: for text areas. */
export function indexOfByte(text: string, offset: number): number;
