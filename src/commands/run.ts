/**
 * `wsrally run`: every arm of a scenario, or one arm.
 */
import { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { againstItself } from "../scenario/against-itself.js";
import { defaultMetricsWords } from "../scenario/default-metrics.js";
import { builtInScenarios, findScenario } from "../scenario/find-scenario.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { parseScenario } from "../scenario/parse-scenario.js";
import type { Scenario, ScenarioInput } from "../scenario/scenario.js";
import type { WorkloadInput } from "../scenario/workload.js";
import { addAgentFlags } from "./agent-flags.js";
import { armsWithSettings, collectSettings, findGivenArm } from "./arm-settings.js";
import { addMetricFlag, type GivenMetric, withMetrics } from "./metric-flag.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import { addPullFlag, pullAsAsked } from "./pull-flag.js";
import { resolveHere } from "./resolve-here.js";
import { addSloFlag, sloFlagWords, withSlos } from "./slo-flag.js";
import type { CommandContext } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags } from "./workload-flags.js";

export function runCommand(context: CommandContext): Command {
  const command = new Command("run")
    .description(
      "Runs every arm of a scenario file, of a scenario that travels with wsrally, or one arm alone; stores the " +
        `results and reports them. Scenarios that travel with it: ${builtInScenarios().join(", ")}. ${defaultMetricsWords}`,
    )
    .argument(
      "<scenario|arm>",
      "a scenario's file or name, or an arm such as nginx:FILE, direct or ws://HOST/PATH",
    )
    .option(
      "--set <directive=value>",
      "change a directive of the built-in config (repeat as needed)",
      collectSettings,
    )
    .option("--aa", "run the baseline arm against itself: the smallest difference this machine can show")
    .option("--direct", "measure each load without a proxy as well, as the floor")
    .option("--dry-run", "say what would be run, what it needs and how long it takes")
    .addHelpText("after", examples);
  addPullFlag(command);
  addMetricFlag(addSloFlag(command, sloFlagWords));
  addOutputFlags(addAgentFlags(addWorkloadFlags(command)));
  return command.action(async (subject: string, options: Record<string, unknown>) => {
    const flags = readWorkloadFlags(options);
    const given = readSubject(subject, {
      overrides: flags,
      settings: (options.set as string[] | undefined) ?? [],
      extras: options.direct === true ? { direct: true } : {},
      slos: options.slo as string[] | undefined,
      metrics: options.metric as GivenMetric[] | undefined,
    });
    const scenario = options.aa === true ? againstItself(given) : given;
    if (options.dryRun === true) {
      const { printDryRun } = await import("./dry-run.js");
      await printDryRun(scenario, readOutputFlags(options), context);
      return;
    }
    // Read only now: what measures and reports takes a while, and a mistake in the input should not.
    await pullAsAsked(options, scenario.arms, context.terminal);
    const { executeRun } = await import("./execute-run.js");
    await executeRun(scenario, readOutputFlags(options), context.terminal, context.signal);
  });
}

interface SubjectOptions {
  readonly overrides: WorkloadInput;
  readonly settings: readonly string[];
  /** Keys of a scenario that the command line sets. */
  readonly extras: Pick<ScenarioInput, "direct">;
  readonly slos: readonly string[] | undefined;
  readonly metrics: readonly GivenMetric[] | undefined;
}

function readSubject(
  subject: string,
  { overrides, settings, extras, slos, metrics }: SubjectOptions,
): Scenario {
  const file = findScenario(subject);
  if (file !== null) {
    if (settings.length > 0) {
      throw new UsageError(
        `Cannot use --set ${settings[0]} on a scenario: its arms have set keys of their own`,
      );
    }
    const { name, locate } = file;
    const input = withMetrics(withSlos({ ...parseScenario(file.text, file.file), ...extras }, slos), metrics);
    return resolveHere(withParsedArms(input, locate), { name, overrides });
  }
  const arms = armsWithSettings([subject], [subject, ...settings.flatMap((setting) => ["--set", setting])]);
  const input = withParsedArms({ arms, ...extras }, findGivenArm);
  return resolveHere(withMetrics(withSlos(input, slos), metrics), { name: "run", overrides });
}

const examples = `
Examples:
  wsrally run nginx-buffering                       the main question, on the nginx of this machine
  wsrally run scenarios/nginx-tls.yaml --connections 2000
  wsrally run nginx:/etc/nginx/nginx.conf --rate 5000 --duration 10
  wsrally run nginx --rate 5000 --slo 'response.p99 < 20ms' --slo 'failures == 0'
  wsrally run nginx-matrix --dry-run                what it comes to, and how long it takes
  wsrally run nginx-buffering --aa                  how small a difference can this machine show?
  wsrally run nginx-buffering --precision 3% --max-seconds 600 --explain
  wsrally run smoke --json > smoke.json
`;
