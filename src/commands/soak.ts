/**
 * `wsrally soak`: one load for hours on one instance of a proxy, and whether its memory grows or its latency drifts.
 */

import { Command, Option } from "commander";
import { UsageError } from "../base/errors.js";
import { reconnectKinds } from "../load/messages.js";
import { findScenario } from "../scenario/find-scenario.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { resolveScenario } from "../scenario/resolve-scenario.js";
import type { Scenario } from "../scenario/scenario.js";
import type { WorkloadInput } from "../scenario/workload.js";
import { runSoak } from "../trial/soak/run-soak.js";
import { type SoakPlan, soakEvents } from "../trial/soak/soak-settings.js";
import { addAgentFlags } from "./agent-flags.js";
import { armsWithSettings, collectSettings, findGivenArm } from "./arm-settings.js";
import { crewOf } from "./crew-of.js";
import { completeMeasurement, type MeasurementSteps, openMeasurement } from "./measurement.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import { addPullFlag, pullAsAsked } from "./pull-flag.js";
import type { RunOptions } from "./run-options.js";
import { readSoakFlags } from "./soak-flags.js";
import { SoakInProgress } from "./soak-in-progress.js";
import type { CommandContext } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags, refuseUnused, type UnusedFlags } from "./workload-flags.js";

export function soakCommand(context: CommandContext): Command {
  const command = new Command("soak")
    .description(
      "Keeps one load on one instance of a proxy, which is not restarted, and says of memory, open files, latency and " +
        "CPU whether they grow, with the interval of the slope. Results are written after every window, and it can be " +
        "stopped at any time (Ctrl-C reports what was measured).",
    )
    .argument("<arm>", "the arm to soak")
    .option("--for <time>", "how long: 90s, 20m, 2h", "1h")
    .option("--window <time>", "length of a window (a 240th of the time, 0.5 s to 60 s)")
    .addOption(
      new Option(
        "--reconnect <how>",
        "how a lost connection is opened again: at-once, or backoff with jitter as a good client does",
      )
        .choices(reconnectKinds)
        .default("backoff"),
    )
    .option("--event <name>", `what happens to the proxy again and again: ${soakEvents.join(", ")}`)
    .option("--every <time>", "from one event to the next (10m)")
    .option("--set <directive=value>", "change a directive of the arm (repeat as needed)", collectSettings)
    .addHelpText("after", examples);
  addPullFlag(command);
  addOutputFlags(addAgentFlags(addWorkloadFlags(command, unusedFlags)));
  return command.action(async (arm: string, options: Record<string, unknown>) => {
    const plan = readSoakFlags(options);
    refuseUnused("soak", unusedFlags, options);
    const scenario = readScenario(arm, readWorkloadFlags(options), context.argv);
    await pullAsAsked(options, scenario.arms, context.terminal);
    await soak({ scenario, plan, options: readOutputFlags(options), context });
  });
}

const unusedFlags: UnusedFlags = {
  residence: "run and compare measure the time inside the proxy",
  stages: "its load stays the same, so that what grows is the proxy's",
  duration: "--for says how long",
  blocks: "one proxy is loaded without a break",
  maxSeconds: "--for says how long",
  precision: "--for says how long",
  interleave: "one proxy is loaded without a break",
  burnIn: "one proxy is loaded without a break",
};

function readScenario(arm: string, overrides: WorkloadInput, argv: readonly string[]): Scenario {
  if (findScenario(arm) !== null) {
    throw new UsageError(`Cannot soak the scenario ${arm}: want one arm, such as nginx or nginx:FILE`);
  }
  const arms = armsWithSettings([arm], argv, { variantOfSingle: false });
  return resolveScenario(withParsedArms({ arms }, findGivenArm), { name: "soak", overrides });
}

interface SoakRun {
  readonly scenario: Scenario;
  readonly plan: SoakPlan;
  readonly options: RunOptions;
  readonly context: CommandContext;
}

/** Soaks, stores and prints. @throws InterruptedError after printing what was measured */
async function soak({ scenario, plan, options, context }: SoakRun): Promise<void> {
  const measurement = await openMeasurement(scenario, options, context.terminal);
  const { seed, threads, folder, progress, document } = measurement;
  const run = new SoakInProgress({ document, folder, progress, plan });
  progress.note(`soak: Seed ${seed}`);
  const steps: MeasurementSteps = {
    async measure() {
      await run.begin();
      await runSoak({
        scenario,
        plan,
        seed,
        threads,
        agents: crewOf(options, document),
        observer: run,
        signal: context.signal,
      });
    },
    end: run.end.bind(run),
    // A proxy that ended by itself leaves windows to look at too.
    isWorthShowing: ({ soak: measured }) => (measured?.windows.length ?? 0) > 0,
  };
  await completeMeasurement(measurement, steps, options, context);
}

const examples = `
Examples:
  wsrally soak nginx:prod.conf --for 2h --connections 5000 --rate 2000
  wsrally soak nginx --for 20m --churn 50            does anything stay behind of a closed connection?
  wsrally soak nginx --for 2h --event reload --every 10m    what do a dozen reloads leave behind?
  wsrally soak embedded --for 30s --set leak_bytes=1000     what a leak looks like
`;
