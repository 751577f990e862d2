/**
 * A load whose clients connect over a line, where one is laid.
 */
import { UsageError } from "../base/errors.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import { lineAddresses } from "../line/line-addresses.js";
import type { LaidLine } from "../line/line-process.js";
import { inLineNetwork } from "../line/own-network.js";
import type { Weather } from "../line/weather.js";
import type { PlannedArm } from "../scenario/scenario.js";
import type { LoadSettings } from "./run-load.js";
import { routesFor } from "./scale.js";
import { type Stage, type StageSettings, withStage } from "./with-stage.js";

export function overLine(settings: LoadSettings, line: LaidLine | null): LoadSettings {
  if (line === null) return settings;
  const target = { ...settings.target, address: lineAddresses.clients };
  return { ...settings, target, sources: [] };
}

/**
 * A stage with a line on it, in a network of its own.
 * @throws UsageError for an arm that no line leads to, EnvironmentError where there can be none
 */
export async function withLineStage<Result>(
  settings: StageSettings & { readonly seed: number; readonly weather: Weather },
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { seed, weather, ...stage } = settings;
  for (const arm of settings.scenario.arms) requireLineTo(arm, settings.limits);
  return inLineNetwork((kernel) => withStage({ ...stage, line: { seed, weather, kernel } }, work));
}

function requireLineTo({ name, target, workload }: PlannedArm, limits: MachineLimits): void {
  if (target.kind === "url")
    throw new UsageError(`Cannot lay a line to the arm ${name}, a URL: want a proxy that wsrally runs here`);
  if (routesFor(workload.connections, limits) > 1)
    throw new UsageError(
      `Cannot lead ${workload.connections} connections over a line, which has one address for all: want fewer than there are ` +
        `local ports (${limits.ephemeralPorts})`,
    );
}
