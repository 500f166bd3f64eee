// What controls and benchmarks there are. It is data, apart from the entry: nothing to load or await, and
// who only audits does not download it.

import { benchmarks, controls, titles } from "./tables.js";

/** @typedef {import("./types.js").BenchmarkRow} Row */

/**
 * Every control, in the order in which benchmarks have them.
 * @returns {import("./types.js").ControlSummary[]}
 */
export function listControls() {
  return controls.map(({ control, title, severity }) =>
    /** @type {import("./types.js").ControlSummary} */ ({ control, title, severity, editions: editionsOf(control) }),
  );
}

/**
 * All about one control; undefined where there is none of this slug.
 * @param {string} control
 * @returns {import("./types.js").ControlExplanation | undefined}
 */
export function explain(control) {
  const found = controls.find((one) => one.control === control);
  return /** @type {any} */ (found && structuredClone({ ...found, editions: editionsOf(control) }));
}

/**
 * Every edition of a benchmark that a request can ask for.
 * @returns {import("./types.js").Benchmark[]}
 */
export function listBenchmarks() {
  return benchmarks.map(({ controls: rows, ...benchmark }) =>
    /** @type {any} */ ({ ...structuredClone(benchmark), controls: rows.map(rowOf) }),
  );
}

/**
 * @param {any[]} row
 * @returns {Row}
 */
function rowOf([control, number, title, level, assessment]) {
  return { control, number, title: titles[title] ?? "", level, assessment };
}

/** @param {string} slug */
function editionsOf(slug) {
  return benchmarks.flatMap(({ id, controls: rows }) =>
    rows
      .map(rowOf)
      .filter(({ control }) => control === slug)
      .map(({ control: _, ...row }) => ({ benchmark: id, ...row })),
  );
}
