// A strict user of the catalogue: it reads every field.

import { explain, listBenchmarks, listControls } from "kubelet-audit/controls";
import type {
  Assessment,
  Benchmark,
  BenchmarkRow,
  ControlExample,
  ControlExplanation,
  ControlNumber,
  ControlSummary,
  Severity,
  Status,
} from "kubelet-audit/controls";

function numbered({ benchmark, number, title, level, assessment }: ControlNumber): string {
  const profile: number | null = level;
  const by: Assessment = assessment;
  return [benchmark, number, title, profile?.toFixed(), by].join();
}

function summary({ control, title, severity, editions }: ControlSummary): string {
  const weight: Severity = severity;
  return [control, title, weight, ...editions.map(numbered)].join();
}

function example({ config, args, verdict }: ControlExample): string {
  const status: Status = verdict;
  return [config?.trim(), ...(args ?? []), status].join();
}

function explanation(one: ControlExplanation): string {
  return [
    summary(one),
    ...one.settings,
    one.why,
    one.checks,
    one.matters,
    example(one.compliant),
    example(one.violating),
    one.judgedBy,
    one.remediation,
    ...one.edgeCases,
    one.strict?.trim(),
    ...one.references,
  ].join();
}

function row({ control, number, title, level, assessment }: BenchmarkRow): string {
  return numbered({ benchmark: control, number, title, level, assessment });
}

function benchmark({ id, aliases, platform, kubernetes, controls }: Benchmark): string {
  const [first, last] = kubernetes ?? ["", ""];
  return [id, ...aliases, platform, first.trim(), last.trim(), ...controls.map(row)].join();
}

export function print(slug: string): string {
  const one: ControlExplanation | undefined = explain(slug);
  return [...listControls().map(summary), ...listBenchmarks().map(benchmark), one && explanation(one)].join();
}

// @ts-expect-error there may be no such control
explain("none").title;
