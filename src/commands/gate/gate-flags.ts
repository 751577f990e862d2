/**
 * The gate's own flags, checked.
 */
import { statSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../../base/errors.js";
import { type Quantity, readQuantityFlag } from "../../base/quantity.js";
import { type RolloutEvent, rolloutEvents } from "../../trial/rollout/rollout-event.js";
import { addMetricFlag, type GivenMetric } from "../metric-flag.js";
import { addSloFlag } from "../slo-flag.js";

/** As commander hands them over. */
export interface GateFlags {
  /** False for --no-baseline. */
  readonly baseline?: string | false;
  readonly candidate?: string;
  readonly scenario?: string;
  readonly slo?: string[];
  readonly metric?: GivenMetric[];
  readonly maxRegression?: string;
  readonly budget?: string;
  readonly maxSeconds?: string;
  readonly inconclusive?: "pass" | "fail";
  readonly confirm?: true;
  readonly failOn: "worse" | "exceeds";
  readonly allowNew?: true;
  readonly force?: true;
  readonly rollout?: RolloutEvent;
  readonly allowIncludes?: string[];
}

export const defaultBudgetS = 120;

export function addGateFlags(command: Command): Command {
  command
    .option(
      "--baseline <config>",
      "REF:path in git (origin/main:deploy/nginx.conf, from the repository's root), a file, or an arm",
    )
    .option("--no-baseline", "nothing to compare with: the candidate's findings and SLOs alone")
    .option(
      "--candidate <config>",
      "a file, REF:path, or an arm; a file is taken for the proxy that its name tells of, else for nginx's",
    )
    .option(
      "--scenario <file>",
      "the pairs of a scenario, each candidate against its baseline; arms may be nginx:REF:path",
    );
  return addMetricFlag(addSloFlag(command, "hold the candidate to it"))
    .option(
      "--max-regression <share>",
      "slowdown that counts as equal (5%; for steadyP99 at least 10% and for p99 20%, below which a shared machine shows nothing)",
    )
    .option("--budget <time>", `time that everything together may take (${defaultBudgetS}s)`)
    .addOption(
      new Option(
        "--fail-on <what>",
        "any proven slowdown not proven to be within --max-regression, or one proven to exceed it",
      )
        .choices(["worse", "exceeds"])
        .default("worse"),
    )
    .addOption(
      new Option("--inconclusive <exit>", "exit code when nothing is proven either way (21)").choices([
        "pass",
        "fail",
      ]),
    )
    .option(
      "--confirm",
      "fail for a slowdown only if a second, fresh series finds one as well; halves the time for each",
    )
    .option("--allow-new", "take a config that the baseline's ref has not for new: as --no-baseline")
    .option(
      "--allow-includes <folder>",
      "let configs be read from there too (repeat as needed); without it nothing is but what git tracks in the repository, " +
        "or what the config's folder has where it lies in none",
      collectFolders,
    )
    .addOption(
      new Option(
        "--rollout <event>",
        "let this happen to both sides with clients connected first: a candidate that loses more of them fails",
      ).choices(rolloutEvents),
    )
    .option("--force", "measure even where both configs come to the same");
}

function collectFolders(folder: string, earlier: readonly string[] = []): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [...earlier, folder];
  throw new InvalidArgumentError("Want a folder that is there.");
}

/** What every gate needs to know beside its arms. */
export interface GateSettings {
  readonly slos: readonly string[];
  /** Undefined: the scenario's, or the defaults. */
  readonly metrics: readonly GivenMetric[] | undefined;
  /** Null: the scenario's, or the defaults by metric. */
  readonly maxRegression: number | null;
  /** Null: the scenario's `maxSeconds`, or 120 s. */
  readonly budgetS: number | null;
  readonly failOn: "worse" | "exceeds";
  readonly inconclusive: "pass" | "fail" | null;
  readonly confirm: boolean;
  readonly allowNew: boolean;
  readonly force: boolean;
  /** What happens to both sides before they are measured; null for nothing. */
  readonly rollout: RolloutEvent | null;
  /** Folders that a config may be read from beside its own repository. */
  readonly allowIncludes: readonly string[];
}

/** @throws UsageError for flags that do not go together */
export function readGateFlags(flags: GateFlags): GateSettings {
  const { baseline, candidate, scenario, budget, maxSeconds } = flags;
  if (budget !== undefined && maxSeconds !== undefined) {
    throw new UsageError("Cannot use --max-seconds beside --budget: choose one of them");
  }
  if (scenario !== undefined && (baseline !== undefined || candidate !== undefined)) {
    throw new UsageError(
      "Cannot use --scenario beside --baseline or --candidate: the scenario has arms of its own",
    );
  }
  if (scenario === undefined && candidate === undefined) {
    throw new UsageError("Cannot gate nothing: want --baseline and --candidate, or --scenario FILE");
  }
  if (scenario === undefined && baseline === undefined) {
    throw new UsageError(
      `Cannot compare ${candidate} with nothing: want --baseline, or --no-baseline for its findings and SLOs alone`,
    );
  }
  return {
    slos: flags.slo ?? [],
    metrics: flags.metric,
    maxRegression: readIf("max-regression", flags.maxRegression, anyShare),
    budgetS: readIf("budget", budget, anyBudget) ?? readIf("max-seconds", maxSeconds, anyBudget),
    failOn: flags.failOn,
    inconclusive: flags.inconclusive ?? null,
    confirm: flags.confirm === true,
    allowNew: flags.allowNew === true,
    rollout: flags.rollout ?? null,
    force: flags.force === true,
    allowIncludes: flags.allowIncludes ?? [],
  };
}

const anyShare: Quantity = { kind: "share", least: 0, most: 1, isAbove: true };
const anyBudget: Quantity = { kind: "time", least: 0, most: 86_400, isAbove: true };

function readIf(name: string, given: string | undefined, quantity: Quantity): number | null {
  return given === undefined ? null : readQuantityFlag(name, given, quantity);
}
