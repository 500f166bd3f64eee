import type { Benchmark, ControlExplanation, ControlSummary } from "./types.js";

export type {
  Assessment,
  Benchmark,
  BenchmarkRow,
  ControlExample,
  ControlExplanation,
  ControlNumber,
  ControlSummary,
  Severity,
  Status,
} from "./types.js";

/** Every control, in the order in which benchmarks have them. */
export function listControls(): ControlSummary[];

/** All about one control; undefined where there is none of this slug. */
export function explain(control: string): ControlExplanation | undefined;

/** Every edition of a benchmark that a request's `benchmark` can name; besides them it can be `auto`. */
export function listBenchmarks(): Benchmark[];
