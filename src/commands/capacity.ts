/**
 * `wsrally capacity`: how much an arm carries, what stops it, and what a message and a connection cost.
 */

import { Command, Option } from "commander";
import { EnvironmentError, FaultsFoundError, UsageError } from "../base/errors.js";
import type { RunDocument } from "../results/run-document.js";
import { findScenario } from "../scenario/find-scenario.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { parseScenario } from "../scenario/parse-scenario.js";
import { resolveScenario } from "../scenario/resolve-scenario.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Workload, WorkloadInput } from "../scenario/workload.js";
import { searchKinds } from "../trial/capacity/capacity-step.js";
import { runCapacity } from "../trial/capacity/run-capacity.js";
import { addAgentFlags } from "./agent-flags.js";
import { armsWithSettings, collectSettings, findGivenArm } from "./arm-settings.js";
import { type CapacityFlags, readCapacityFlags, usualSlo } from "./capacity-flags.js";
import { CapacityInProgress } from "./capacity-in-progress.js";
import { crewOf } from "./crew-of.js";
import { completeMeasurement, openMeasurement } from "./measurement.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import { addPullFlag, pullAsAsked } from "./pull-flag.js";
import type { RunOptions } from "./run-options.js";
import type { CommandContext } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags, refuseUnused, type UnusedFlags } from "./workload-flags.js";

export function capacityCommand(context: CommandContext): Command {
  const command = new Command("capacity")
    .description(
      "Finds the highest message rate (open loop) that keeps an SLO for a number of connections, with its interval, the " +
        "knee of the latency below it, and the limits foretold from config and machine beside those that were met. With " +
        "several arms it searches them in turns and compares them with the first.",
    )
    .argument("<arm...>", "arms, or one scenario whose arms are searched")
    .option(
      "--slo <expression>",
      `what every step is held to; a bare p99 is of the response (the scenario's, else ${usualSlo})`,
    )
    .addOption(
      new Option("--by <what>", "search the rate, the number of connections, or both")
        .choices(searchKinds)
        .default("rate"),
    )
    .option("--hold <time>", "how long connections are held in each step of --by connections", "5s")
    .option("--most <n>", "connections that --by connections tries at most", "20000")
    .option("--costs", "fit what a message, a connection and a handshake cost the proxy")
    .option(
      "--storm",
      "how fast connections open, and how they come back when the proxy is restarted under them",
    )
    .option(
      "--plan <connections>x<msg/s>",
      "what a load such as 200000x1 needs on machines like this one (with --costs)",
    )
    .option(
      "--set <directive=value>",
      "change a directive of the arm before it (repeat as needed)",
      collectSettings,
    )
    .addHelpText("after", examples);
  addPullFlag(command);
  addOutputFlags(addAgentFlags(addWorkloadFlags(command, unusedFlags)));
  return command.action(async (texts: string[], options: Record<string, unknown>) => {
    refuseUnused("capacity", unusedFlags, options);
    const scenario = readScenario(texts, readWorkloadFlags(options), context.argv);
    const flags = readCapacityFlags(options, scenario.slos);
    await pullAsAsked(options, scenario.arms, context.terminal);
    await searchCapacity({ scenario, flags, options: readOutputFlags(options), context });
  });
}

/** The rate is what is searched for, and blocks there are none. */
const unusedFlags: UnusedFlags = {
  residence: "run and compare measure the time inside the proxy",
  rate: "the rate is what is searched for",
  mix: "the rate is what is searched for, of connections that are all alike",
  stages: "the rate is what is searched for",
  think: "the search is an open loop",
  replay: "its sessions have a rate of their own, and a capacity search sets the rate",
  closed: "the search is an open loop; the closed loop's rate stands beside it",
  blocks: "a search has as many steps as it needs; --max-seconds ends it",
  interleave: "each step is a trial by itself",
  burnIn: "each step is a trial by itself",
  precision: "it ends when the capacity is known to 12 %; --max-seconds ends it early",
};

function hasShape(
  { mix, stages, message, think, residence }: Workload,
  key: (typeof unsearched)[number],
): boolean {
  return {
    mix: mix !== null,
    stages: stages !== null,
    replay: message.kind === "replayed",
    think: think !== null,
    residence,
  }[key];
}

const unsearched = ["mix", "stages", "replay", "think", "residence"] as const;

function readScenario(texts: readonly string[], overrides: WorkloadInput, argv: readonly string[]): Scenario {
  const [first = ""] = texts;
  const file = findScenario(first);
  if (file === null) {
    const arms = armsWithSettings(texts, argv, { variantOfSingle: false });
    const scenario = resolveScenario(withParsedArms({ arms }, findGivenArm), { name: "capacity", overrides });
    return asSearch(scenario, overrides.maxSeconds);
  }
  if (texts.length > 1) throw new UsageError(`Cannot search ${first} beside others: a scenario stands alone`);
  const { name, locate } = file;
  const input = parseScenario(file.text, file.file);
  return asSearch(
    resolveScenario(withParsedArms(input, locate), { name, overrides }),
    overrides.maxSeconds ?? input.workload?.maxSeconds,
  );
}

/**
 * Every arm is searched, so none is paired; what the scenario says of its own rate does not matter.
 * @throws UsageError where its load is of a shape that no search can set the rate of
 */
function asSearch(scenario: Scenario, maxSeconds: number | undefined): Scenario {
  const shape = unsearched.find((key) => scenario.arms.some(({ workload }) => hasShape(workload, key)));
  if (shape !== undefined) throw new UsageError(`Cannot search with ${shape}: ${unusedFlags[shape]}`);
  const arms = scenario.arms.map((arm) => ({
    ...arm,
    workload: { ...arm.workload, loop: { kind: "paced" as const, share: 1 } },
  }));
  return { ...scenario, arms, pairs: [], maxSeconds: maxSeconds ?? null };
}

interface Search {
  readonly scenario: Scenario;
  readonly flags: CapacityFlags;
  readonly options: RunOptions;
  readonly context: CommandContext;
}

/**
 * Searches, stores and prints.
 * @throws InterruptedError after printing what was measured; FaultsFoundError when not even the lowest load kept the SLO
 */
async function searchCapacity({ scenario, flags, options, context }: Search): Promise<void> {
  const measurement = await openMeasurement(scenario, options, context.terminal);
  const { seed, threads, folder, progress, document } = measurement;
  const { slos, wish, by, holdS, mostConnections, costs, storm, quantile, latencyLimitS } = flags;
  const search = { by, holdS, mostConnections };
  const run = new CapacityInProgress({ document, folder, progress, slos, wish, search, costs });
  progress.note(`${scenario.name}: how much is carried. Seed ${seed}`);
  const { maxSeconds } = scenario;
  const { signal } = context;
  const steps = {
    async measure() {
      await run.begin();
      const settings = {
        scenario,
        ...search,
        costs,
        storm,
        quantile,
        latencyLimitS,
        maxSeconds,
        seed,
        threads,
        agents: crewOf(options, document),
        signal,
      };
      await runCapacity({ ...settings, observer: run });
    },
    end: run.end.bind(run),
  };
  requireSlo(await completeMeasurement(measurement, steps, options, context));
}

/** @throws FaultsFoundError when an arm kept the SLO at no load; EnvironmentError when nothing can be told of one */
function requireSlo({ capacity, warnings }: RunDocument): void {
  if (capacity === undefined) return;
  const untold = [capacity, ...capacity.others].find(
    ({ ratePerS, sloMet, steps }) =>
      ratePerS === null && sloMet === null && steps.some(({ kind }) => kind === "search"),
  );
  if (untold !== undefined && !warnings.some(({ code }) => code === "search-cut-short")) {
    const because = untold.steps.findLast(({ outcome }) => outcome === "void")?.because.join("; ");
    throw new EnvironmentError(
      `Cannot tell what ${untold.arm} carries: the generator was not fit at any load (${because}); is the machine busy?`,
    );
  }
  const missed = [capacity, ...capacity.others].filter(({ sloMet }) => sloMet === false);
  if (missed.length === 0) return;
  throw new FaultsFoundError(
    `SLO missed: ${missed.map(({ arm }) => arm).join(", ")} kept ${capacity.slo.join(" and ")} at no load that was tried`,
  );
}

const examples = `
Examples:
  wsrally capacity nginx --slo 'p99 < 20ms, failures == 0'
  wsrally capacity nginx:prod.conf --connections 5000 --payload 512
  wsrally capacity on=nginx off=nginx --set proxy_buffering=off      does it carry more without buffering?
  wsrally capacity nginx --set worker_connections=1024 --by connections
  wsrally capacity nginx --costs --plan 200000x1                     what 200,000 connections would need
`;
