/**
 * `--metric`: what decides, in the place of `compare.metrics` and of the defaults.
 */
import type { Command } from "commander";
import { UsageError } from "../base/errors.js";
import {
  bareNames,
  type MetricName,
  metricFault,
  metricNames,
  type StatisticName,
} from "../scenario/metric.js";
import type { ScenarioInput } from "../scenario/scenario.js";

/** A metric as it may be typed. */
export type GivenMetric = MetricName | StatisticName;

export function addMetricFlag(command: Command): Command {
  return command.option(
    "--metric <name>",
    "let this decide, such as p99 or response.steadyP99 (repeat as needed; p50, steadyP99, CPU a message and stalls)",
    collectMetrics,
  );
}

/** @throws UsageError that says which names there are */
function collectMetrics(text: string, earlier: readonly GivenMetric[] = []): GivenMetric[] {
  const name = [...bareNames, ...metricNames].find((known) => known === text);
  if (name === undefined) throw new UsageError(`Cannot use --metric ${text}: ${metricFault(text)}`);
  return [...new Set([...earlier, name])];
}

/** @param given of the command line, checked; undefined for none */
export function withMetrics<Input extends Pick<ScenarioInput, "compare">>(
  input: Input,
  given: readonly GivenMetric[] | undefined,
): Input {
  return given === undefined ? input : { ...input, compare: { ...input.compare, metrics: [...given] } };
}
