/**
 * The arms of a matrix by the values they have on its axes, `off 2 8000`, as reports name them under a line that says which
 * axes those are. The run document and the files beside it keep the names in full.
 */

import type { PairReading } from "../../results/comparison-schema.js";
import type { StoredRun } from "../../results/read-run.js";
import type { RunDocument } from "../../results/run-document.js";
import { type Axis, armAxes } from "../run/arm-axes.js";

/** As they stand in a name: what was asked of the proxy before the load. */
const kinds: readonly Axis["kind"][] = ["arm", "directive", "workload"];

/**
 * The same document under short names; as it is where there are no axes, or where short names would not tell the arms
 * apart. A gate and a search keep theirs, for their words were written before.
 */
export function withShortNames(document: RunDocument): RunDocument {
  const names = shortNames(document);
  if (names.size === 0) return document;
  const short = (name: string): string => names.get(name) ?? name;
  const { arms, scenario, comparisons, readings, warnings, slo } = document;
  const renamed = <One extends PairReading>(ones: readonly One[]): One[] =>
    ones.map((one) => ({ ...one, baseline: short(one.baseline), candidate: short(one.candidate) }));
  return {
    ...document,
    scenario: {
      ...scenario,
      arms: scenario.arms.map((arm) => ({ ...arm, name: short(arm.name) })),
      pairs: scenario.pairs.map(({ baseline, candidate }) => ({
        baseline: short(baseline),
        candidate: short(candidate),
      })),
    },
    arms: arms.map((arm) => ({ ...arm, name: short(arm.name) })),
    comparisons: renamed(comparisons),
    ...(readings === undefined ? {} : { readings: renamed(readings) }),
    warnings: warnings.map(({ code, message }) => ({ code, message: inWords(message, names) })),
    ...(slo === undefined ? {} : { slo: slo.map((one) => ({ ...one, arm: short(one.arm) })) }),
  };
}

/** The same with what lies beside the document. */
export function runWithShortNames({ document, histograms, configs }: StoredRun): StoredRun {
  const names = shortNames(document);
  const renamed = <Value>(byArm: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
    new Map([...byArm].map(([name, value]) => [names.get(name) ?? name, value]));
  return {
    document: withShortNames(document),
    histograms: renamed(histograms),
    configs: renamed(configs),
  };
}

/** What the short names are made of: `arms by proxy_buffering, payload`; null for a document without them. */
export function namesLegend(document: RunDocument): string | null {
  const labels = labelsOf(document);
  if (labels.size === 0 || [...labels].some(([name, label]) => name !== label)) return null;
  return `arms by ${orderedAxes(document)
    .map(({ name, kind }) => (kind === "arm" ? "name" : name))
    .join(", ")}`;
}

/** By full name; empty when nothing is to be shortened. */
function shortNames(document: RunDocument): ReadonlyMap<string, string> {
  const labels = labelsOf(document);
  const isShorter = [...labels].every(([name, label]) => label !== "" && label.length < name.length);
  return isShorter && new Set(labels.values()).size === labels.size ? labels : new Map();
}

function labelsOf(document: RunDocument): ReadonlyMap<string, string> {
  const { scenario, gate, capacity } = document;
  if ((scenario.axes ?? []).length === 0 || gate !== undefined || capacity !== undefined) return new Map();
  const axes = orderedAxes(document);
  // Several arms and nothing else have names already.
  if (axes.every(({ kind }) => kind === "arm")) return new Map();
  return new Map(
    scenario.arms.map(({ name, arm, cell = {} }) => {
      const isOnAll = axes.every((axis) => cell[axis.name] !== undefined);
      const values = axes.flatMap((axis) => cell[axis.name] ?? []);
      // A floor has a place among the loads alone.
      return [name, [...(isOnAll ? [] : [arm]), ...values].join(" ")];
    }),
  );
}

function orderedAxes(document: RunDocument): Axis[] {
  return [...armAxes(document).axes].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

/** The longest first, for one name may begin another. */
function inWords(text: string, names: ReadonlyMap<string, string>): string {
  return [...names]
    .sort(([a], [b]) => b.length - a.length)
    .reduce((words, [name, label]) => words.replaceAll(name, label), text);
}
