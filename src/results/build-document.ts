/**
 * Builds the run document as a run goes on: at first what was asked and where, then the arms, then trial by trial.
 */
import { mapStrings } from "../base/map-strings.js";
import { maskHeader, maskText, maskUrl } from "../base/mask-secrets.js";
import { toolVersion } from "../base/tool-version.js";
import type { ArmProxy } from "../proxy/seen-proxy.js";
import { armText } from "../scenario/arm.js";
import { behindText } from "../scenario/behind.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Workload } from "../scenario/workload.js";
import { readMachineLimits } from "../trial/check-limits.js";
import type { Placement } from "../trial/placement.js";
import type { PreparedArm } from "../trial/prepare-arms.js";
import type { SettledLoad } from "../trial/series.js";
import type { TrialRecord } from "../trial/trial-record.js";
import { toRoom } from "./arm-room.js";
import { toBehindResult, withOthers } from "./behind-result.js";
import type { Comparison } from "./comparison-schema.js";
import { readEnvironment } from "./environment.js";
import { type ArmResult, type RunDocument, schemaVersion } from "./run-document.js";
import type { TrafficTally } from "./traffic-schema.js";
import { toTrialResult } from "./trial-result.js";

interface NewDocument {
  readonly runId: string;
  readonly startedAt: Date;
  readonly seed: number;
  readonly scenario: Scenario;
  /** None when left out. */
  readonly tags?: readonly string[];
}

/** Names that the user gives it, behind its id, where lists look for them. */
export function withTags(document: RunDocument, tags: readonly string[]): RunDocument {
  if (tags.length === 0) return document;
  const { schemaVersion, tool, runId, ...rest } = document;
  return { schemaVersion, tool, runId, tags: [...tags], ...rest };
}

export function createDocument({ runId, startedAt, seed, scenario, tags = [] }: NewDocument): RunDocument {
  return {
    schemaVersion,
    tool: { name: "wsrally", version: toolVersion },
    runId,
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    status: "running",
    seed,
    scenario: {
      name: scenario.name,
      description: scenario.description === null ? null : maskText(scenario.description),
      metrics: [...scenario.metrics],
      pairs: [...scenario.pairs],
      blocks: scenario.blocks,
      maxSeconds: scenario.maxSeconds,
      axes: scenario.axes.map(({ name, kind, values }) => ({ name, kind, values: [...values] })),
      comparedAxis: scenario.comparedAxis,
      precision: scenario.precision,
      arms: scenario.arms.map(({ name, set, group, target, workload, cell }) => ({
        name,
        arm: armText(target),
        set: mapStrings({ ...set }, maskText),
        group,
        cell: { ...cell },
        workload: shownWorkload(workload),
      })),
    },
    environment: readEnvironment(),
    plan: null,
    placement: { proxy: null, generator: null, backend: null },
    warnings: [],
    arms: [],
    comparisons: [],
  };
}

/** What an arm is loaded with, without the secrets of its handshake. */
export function shownWorkload(workload: Workload): Record<string, unknown> {
  const { path, origin, headers, cookies, subprotocols, dataFile, conversation, ...others } = workload;
  const { message, usualPath, keepsUpstream, behind, http, streams, token: _, ...rest } = others;
  const shown = (url: string | null): string | null => (url === null ? null : maskUrl(url));
  const own = {
    headers: headers.map(({ name, value }) => `${name}: ${maskHeader(name, value)}`),
    cookies: cookies.map(({ name, value }) => maskHeader("Cookie", `${name}=${value}`)),
    subprotocols: subprotocols.map((name) => maskHeader("Sec-WebSocket-Protocol", name)),
    dataFile: dataFile ?? "",
  };
  const given = Object.entries(own).filter(([, value]) => value.length > 0);
  return {
    ...rest,
    ...Object.fromEntries(given),
    message: mapStrings(message, maskText),
    ...(conversation === null ? {} : { conversation: mapStrings(conversation, maskText) }),
    ...(http === 2 ? { http, streams } : {}),
    ...(keepsUpstream ? { upstream: "as-configured" } : {}),
    ...(behind === null ? {} : { behind: behind.map(behindText) }),
    path: shown(path),
    origin: shown(origin),
  };
}

export function toArmResult(arm: PreparedArm, { ratePerS, saturatedPerS }: SettledLoad): ArmResult {
  const { plan, proxy } = arm;
  return {
    name: plan.name,
    group: plan.group,
    ...(plan.workload.http === 2 ? { http: 2 } : {}),
    proxy: toProxyResult(proxy),
    ratePerS,
    saturatedPerS,
    room: toRoom(arm, readMachineLimits()),
    ...toBehindResult(arm),
    trials: [],
  };
}

export function toProxyResult(proxy: ArmProxy): ArmResult["proxy"] {
  const { kind, agent, version, configSha256, build, changes } = proxy;
  return {
    kind,
    ...(agent === undefined ? {} : { agent }),
    version,
    configSha256,
    build,
    changes: [...changes],
  };
}

export function toPlacement({ proxy, generator, backend }: Placement): RunDocument["placement"] {
  const copy = (cpus: readonly number[] | null): number[] | null => (cpus === null ? null : [...cpus]);
  return { proxy: copy(proxy), generator: copy(generator), backend: copy(backend) };
}

/** @returns the document with what its arms were sent besides their trials */
export function withAsides(document: RunDocument, tally: TrafficTally): RunDocument {
  return { ...document, arms: document.arms.map((arm) => ({ ...arm, ...tally.of(arm.name) })) };
}

/** @returns the document with one trial more */
export function withTrial(document: RunDocument, record: TrialRecord): RunDocument {
  return {
    ...document,
    arms: document.arms.map((arm) =>
      arm.name === record.arm
        ? { ...withOthers(arm, record), trials: [...arm.trials, toTrialResult(record)] }
        : arm,
    ),
  };
}

/** @returns the document as it is when the run is over */
export function finished(
  document: RunDocument,
  status: "complete" | "interrupted" | "failed",
  comparisons: readonly Comparison[],
): RunDocument {
  return { ...document, status, finishedAt: new Date().toISOString(), comparisons: [...comparisons] };
}
