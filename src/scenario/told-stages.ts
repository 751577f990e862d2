/** The stages of a load as reports tell of them: where there are many, as of a day's curve, several together. */
import type { Span } from "./stages.js";
import { type Stage, stageSeconds } from "./stages-schema.js";

/** What is recorded of each takes some memory and a look at the proxy. */
const mostTold = 60;

export interface ToldStage {
  /** From the measured window's start. */
  readonly fromS: number;
  readonly forS: number;
  /** From its first to its last value; null where the stages say nothing of it. */
  readonly rate: Span | null;
  readonly connections: Span | null;
}

export function toldStages(stages: readonly Stage[] | null): ToldStage[] {
  if (stages === null) return [];
  const each = Math.ceil(stages.length / mostTold);
  return Array.from({ length: Math.ceil(stages.length / each) }, (_, at): ToldStage => {
    const group = stages.slice(at * each, (at + 1) * each);
    return {
      fromS: stageSeconds(stages.slice(0, at * each)),
      forS: stageSeconds(group),
      rate: spanOf(group[0]?.rate, group.at(-1)?.rate),
      connections: spanOf(group[0]?.connections, group.at(-1)?.connections),
    };
  });
}

function spanOf(first: Span | undefined, last: Span | undefined): Span | null {
  return first === undefined || last === undefined ? null : { from: first.from, to: last.to };
}
