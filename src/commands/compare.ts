/**
 * `wsrally compare`: arms given on the command line, the first of them the baseline.
 */
import { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { comparisonName } from "../scenario/comparison-name.js";
import { defaultMetricsWords } from "../scenario/default-metrics.js";
import { withParsedArms } from "../scenario/parse-arms.js";
import { addAgentFlags } from "./agent-flags.js";
import { armsWithSettings, collectSettings, findGivenArm } from "./arm-settings.js";
import { addMetricFlag, type GivenMetric, withMetrics } from "./metric-flag.js";
import { addOutputFlags, readOutputFlags } from "./output-flags.js";
import { addPullFlag, pullAsAsked } from "./pull-flag.js";
import { resolveHere } from "./resolve-here.js";
import { addSloFlag, sloFlagWords, withSlos } from "./slo-flag.js";
import type { CommandContext } from "./terminal.js";
import { addWorkloadFlags, readWorkloadFlags } from "./workload-flags.js";

export function compareCommand(context: CommandContext): Command {
  const command = new Command("compare")
    .description(
      "Compares arms, the first of them the baseline. An arm is nginx, haproxy, caddy, envoy, traefik or apache (with the built-in good config), one of them with :FILE, docker:IMAGE, direct " +
        "(no proxy), embedded (a relay in Node) or a ws:// or wss:// URL; NAME=ARM names it. --set changes the built-in " +
        `config of the arm that stands before it; after a single arm it makes a second one. ${defaultMetricsWords}`,
    )
    .argument("<arm...>", "two arms or more, or one with --set")
    .option(
      "--set <directive=value>",
      "change a directive of the arm before it (repeat as needed)",
      collectSettings,
    )
    .option("--direct", "measure the load without a proxy as well, as the floor")
    .option("--dry-run", "say what would be run, what it needs and how long it takes")
    .addHelpText("after", examples);
  addPullFlag(command);
  addMetricFlag(addSloFlag(command, sloFlagWords));
  addOutputFlags(addAgentFlags(addWorkloadFlags(command)));
  return command.action(async (texts: string[], options: Record<string, unknown>) => {
    const arms = armsWithSettings(texts, context.argv, { variantOfSingle: true });
    const overrides = readWorkloadFlags(options);
    // What is no arm is told before that it is alone.
    const input = withParsedArms({ arms, direct: options.direct === true }, findGivenArm);
    if (arms.length < 2) {
      throw new UsageError(
        `Cannot compare ${texts[0]} with nothing: want two arms or more, or --set directive=value`,
      );
    }
    const slos = options.slo as string[] | undefined;
    const asked = withMetrics(withSlos(input, slos), options.metric as GivenMetric[] | undefined);
    const scenario = resolveHere(asked, { name: comparisonName(input.arms), overrides });
    if (options.dryRun === true) {
      const { printDryRun } = await import("./dry-run.js");
      await printDryRun(scenario, readOutputFlags(options), context);
      return;
    }
    await pullAsAsked(options, scenario.arms, context.terminal);
    const { executeRun } = await import("./execute-run.js");
    await executeRun(scenario, readOutputFlags(options), context.terminal, context.signal);
  });
}

const examples = `
Examples:
  wsrally compare nginx:old.conf nginx:new.conf
  wsrally compare nginx --set proxy_buffering=off           with buffering on, and off
  wsrally compare nginx big=nginx --set proxy_buffer_size=16k --payload 8000
  wsrally compare nginx ws=direct --connections 200         what nginx adds to a round trip
  wsrally compare nginx:old.conf nginx:new.conf --precision 3% --explain
  wsrally compare nginx:old.conf nginx:new.conf --slo 'p99 < 20ms && failures == 0'
`;
