/** What a gate measures once its probes have spoken. */
import { UsageError } from "../../base/errors.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { WorkloadInput } from "../../scenario/workload.js";
import type { RunProgress } from "../run-progress.js";
import type { GateSettings } from "./gate-flags.js";
import { gateScenario } from "./gate-scenario.js";
import type { GateQuestion, GateSides } from "./gate-sides.js";
import type { ProbedPair } from "./probe-sides.js";

interface GateSubject {
  readonly question: GateQuestion;
  readonly settings: GateSettings;
  readonly workload: WorkloadInput;
  readonly sides: Pick<GateSides, "input">;
  readonly scenario: Scenario;
  readonly progress: Pick<RunProgress, "note">;
}

/** What is left to be measured once the probes have spoken; else why nothing is, in words. */
export function whatToMeasure(run: GateSubject, pairs: readonly ProbedPair[]): Scenario | string {
  const { scenario, settings, question, progress } = run;
  const hasSlos = scenario.slos.length > 0;
  if (pairs.some(({ regressions }) => regressions.some(({ fails }) => fails)))
    return "a functional regression decides";
  const alone = (why: string): Scenario | string =>
    hasSlos ? candidateAlone(run, pairs[0]?.candidate ?? "") : `${why}, and no SLO is to be kept`;
  if (scenario.pairs.length === 0)
    return hasSlos ? scenario : "there is no baseline, and no SLO is to be kept";
  const isSame = pairs.every(({ sameConfig }) => sameConfig === true);
  if (isSame && !settings.force && !differInLoad(scenario)) {
    const why = "both sides come to the same config";
    progress.note(`${why}: there is nothing to compare`);
    return question.isSimple || !hasSlos ? alone(why) : scenario;
  }
  const broken = pairs.find(({ connects }) => !connects.baseline && connects.candidate);
  if (broken === undefined) return scenario;
  if (question.isSimple) {
    const why = `${broken.baseline} opens no WebSocket`;
    progress.note(`${why}: ${broken.candidate} stands alone`);
    return alone(why);
  }
  throw new UsageError(
    `Cannot compare with ${broken.baseline}: no WebSocket opens through it, as wsrally probe explains; take the pair out`,
  );
}

/** One config under two loads, as over HTTP/1.1 and HTTP/2, is compared. */
function differInLoad({ arms, pairs }: Scenario): boolean {
  const loadOf = (name: string): string =>
    JSON.stringify(arms.find((arm) => arm.name === name)?.workload ?? null);
  return pairs.some(({ baseline, candidate }) => loadOf(baseline) !== loadOf(candidate));
}

function candidateAlone({ question, sides, settings, workload }: GateSubject, candidate: string): Scenario {
  const arms = sides.input.arms.slice(-1);
  const scenario = gateScenario({ ...question, input: { ...sides.input, arms } }, settings, workload);
  if (scenario.arms[0]?.name !== candidate) throw new RangeError(`No arm is named ${candidate}`);
  return scenario;
}
