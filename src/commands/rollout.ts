/**
 * `wsrally rollout`: what an event, such as a reload, costs the clients that are connected.
 */
import { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { reconnectKinds } from "../load/messages.js";
import { refuseImages } from "../scenario/arm.js";
import { findScenario } from "../scenario/find-scenario.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { resolveScenario } from "../scenario/resolve-scenario.js";
import type { Scenario } from "../scenario/scenario.js";
import type { WorkloadInput } from "../scenario/workload.js";
import { eventWords, rolloutEvents } from "../trial/rollout/rollout-event.js";
import { runRollout } from "../trial/rollout/run-rollout.js";
import { addAgentFlags } from "./agent-flags.js";
import { armsWithSettings, collectSettings, findGivenArm } from "./arm-settings.js";
import { crewOf } from "./crew-of.js";
import { completeMeasurement, openMeasurement } from "./measurement.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import { requireSlos } from "./require-slos.js";
import { type RolloutFlags, readRolloutFlags } from "./rollout-flags.js";
import { RolloutInProgress } from "./rollout-in-progress.js";
import type { RunOptions } from "./run-options.js";
import type { CommandContext } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags, refuseUnused, type UnusedFlags } from "./workload-flags.js";

export function rolloutCommand(context: CommandContext): Command {
  const command = new Command("rollout")
    .description(
      "Keeps clients connected and talking, lets an event happen, and prints the bill: who was cut, how and by whose " +
        "doing, what was never answered, how long each client was away, and how hard they came back. An arm's proxy is " +
        "wsrally's own instance of it: nothing that runs here already is touched.",
    )
    .argument("<arm...>", "arms, side by side")
    .requiredOption("--event <name>", `what happens: ${rolloutEvents.join(", ")}`)
    .option("--to-binary <file>", "the program that an upgrade goes over to (default: the same again)")
    .option(
      "--share <share>",
      "how many slow readers or dead peers there are, as a share of the other clients (100 at most)",
      "10%",
    )
    .option("--lasts <time>", "how long the --delay or --loss of an event of that name lasts", "3s")
    .option("--times <n>", "how often it happens", "1")
    .option("--every <time>", "from one to the next", "1s")
    .option("--before <time>", "load before the first", "2s")
    .option("--patience <time>", "how long after the last one clients are watched", "10s")
    .option(
      "--reconnect <how>",
      `how clients come back: ${reconnectKinds.join(", ")}; several with commas between them are compared`,
      "at-once",
    )
    .option(
      "--slo <expression>",
      "hold every arm to it, such as 'lost == 0' or 'down.p99 < 500ms' (repeat as needed); 20 when it is missed",
      (text: string, earlier: readonly string[] = []) => [...earlier, text],
    )
    .option(
      "--set <directive=value>",
      "change a directive of the arm before it (repeat as needed)",
      collectSettings,
    )
    .addHelpText("after", help);
  addOutputFlags(addAgentFlags(addWorkloadFlags(command, unusedFlags)));
  return command.action(async (texts: string[], options: Record<string, unknown>) => {
    refuseUnused("rollout", unusedFlags, options);
    const { blocks: _, ...asked } = options;
    const { delay, loss, ...workload } = readWorkloadFlags(asked);
    const flags = readRolloutFlags(options, { delay, loss });
    const scenario = readScenario(texts, workload, context.argv);
    await rollOut({ scenario, flags, options: readOutputFlags(options), context });
  });
}

const unusedFlags: UnusedFlags = {
  residence: "run and compare measure the time inside the proxy",
  closed: "a client that is away must not stop the load; want --rate",
  think: "a client that is away must not stop the load; want --rate",
  churn: "connections that end of themselves would be among those that the event ends",
  stages: "its load stays the same until all are back",
  duration: "it goes on until all are back, or --patience is over",
  warmup: "--before says how long the load goes on before the event",
  maxSeconds: "--patience says how long it waits",
  interleave: "each event is met by one arm alone",
  burnIn: "each event is met by one arm alone",
  precision: "a bill has no precision; --blocks says how often it is run up",
};

function readScenario(texts: readonly string[], overrides: WorkloadInput, argv: readonly string[]): Scenario {
  const named = texts.find((text) => findScenario(text) !== null);
  if (named !== undefined)
    throw new UsageError(`Cannot roll out the scenario ${named}: want arms, such as nginx or nginx:FILE`);
  const arms = armsWithSettings(texts, argv, { variantOfSingle: false });
  const scenario = resolveScenario(withParsedArms({ arms }, findGivenArm), { name: "rollout", overrides });
  refuseImages(
    scenario.arms,
    "roll out",
    "its events happen to processes that wsrally starts itself; want a program of this machine, such as nginx:FILE",
  );
  return scenario;
}

/**
 * A message a second of each client: enough for a p99 of every 100 ms, and no more than a generator has time for beside
 * the openings.
 */
const messagesLeast = 2000;
const messagesMost = 5000;

interface RolloutRun {
  readonly scenario: Scenario;
  readonly flags: RolloutFlags;
  readonly options: RunOptions;
  readonly context: CommandContext;
}

/**
 * @throws InterruptedError after printing what was measured; FaultsFoundError when an SLO was missed, InconclusiveError
 * when one is about what could not be measured
 */
async function rollOut({ scenario, flags, options, context }: RolloutRun): Promise<void> {
  const measurement = await openMeasurement(scenario, options, context.terminal);
  const { seed, threads, folder, progress, document } = measurement;
  const { slos, ...wish } = flags;
  const workload = scenario.arms[0]?.workload;
  const ratePerS =
    workload?.loop.kind === "open"
      ? workload.loop.ratePerS
      : Math.max(messagesLeast, Math.min(messagesMost, workload?.connections ?? 0));
  const plan = { ...wish, ratePerS };
  const run = new RolloutInProgress({ document, folder, progress, plan, slos });
  progress.note(`rollout: ${eventWords[plan.event]}. Seed ${seed}`);
  const { signal } = context;
  const steps = {
    async measure() {
      await run.begin();
      const agents = crewOf(options, document);
      await runRollout({ scenario, plan, seed, threads, agents, observer: run, signal });
    },
    end: run.end.bind(run),
    isWorthShowing: ({ rollouts = [] }: typeof document) => rollouts.length > 0,
  };
  requireSlos(await completeMeasurement(measurement, steps, options, context));
}

const help = `
Events:
${rolloutEvents.map((event) => `  ${event.padEnd(14)} ${eventWords[event]}`).join("\n")}

Examples:
  wsrally rollout nginx:prod.conf --event reload --connections 10000
  wsrally rollout nginx:prod.conf haproxy:prod.cfg --event reload        side by side
  wsrally rollout nginx haproxy --event restart --blocks 6               judged: better, worse, can't tell
  wsrally rollout nginx --event reload --times 5 --every 1s
  wsrally rollout nginx --event restart --reconnect at-once,backoff      what does jitter make of it?
  wsrally rollout nginx --event backend-drain --slo 'lost == 0'
  wsrally rollout nginx --event restart --delay 20ms                    its clients are 20 ms away
  wsrally rollout nginx --event loss --loss 1%
  wsrally rollout nginx:prod.conf --event dead-peers --patience 90s      how long does it keep the dead?
  wsrally rollout nginx:prod.conf --event upgrade --to-binary /usr/sbin/nginx
`;
