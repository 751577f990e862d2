/**
 * Both sides of every pair, probed: what the candidate no longer does that its baseline did.
 */

import { readAuthority } from "../../base/read-authority.js";
import { connects, findingRegressions, type ProbedSide } from "../../judge/gate/finding-regressions.js";
import { type ProbeResult, runProbe } from "../../probe/run-probe.js";
import { type ConfigSide, configDiff } from "../../results/config-diff.js";
import type { GatePair } from "../../results/gate-schema.js";
import { isConfigured } from "../../scenario/arm.js";
import type { PlannedArm, Scenario } from "../../scenario/scenario.js";
import { readMachineLimits } from "../../trial/check-limits.js";
import { armRoom } from "../../trial/check-room.js";
import { readOwnHandshake } from "../../trial/own-handshake.js";
import { fillText } from "../../websocket/filled-text.js";
import { assertConfined } from "./assert-confined.js";

export interface ProbeSettings {
  readonly scenario: Scenario;
  /** By file. */
  readonly configs: ReadonlyMap<string, ConfigSide>;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  /** Told of every probe that has ended. */
  readonly probed: (arm: string, sent: ProbeResult["sent"]) => void;
}

export interface ProbedPair extends GatePair {
  /** Whether a WebSocket could be opened through each. */
  readonly connects: { readonly baseline: boolean; readonly candidate: boolean };
}

/** Every pair of the scenario; without pairs every arm, held to be without a fault. */
export async function probePairs(settings: ProbeSettings): Promise<ProbedPair[]> {
  const { scenario } = settings;
  assertConfined(scenario.arms);
  const probes = createProbes(settings);
  const armNamed = (name: string): PlannedArm => {
    const arm = scenario.arms.find((one) => one.name === name);
    if (arm === undefined) throw new RangeError(`No arm is named ${name}`);
    return arm;
  };
  const pairs: ProbedPair[] = [];
  if (scenario.pairs.length === 0) {
    for (const arm of scenario.arms) pairs.push(await probeAlone(arm, probes));
  }
  for (const { baseline, candidate } of scenario.pairs) {
    pairs.push(
      await probePair(armNamed(baseline), armNamed(candidate), { probes, configs: settings.configs }),
    );
  }
  return pairs;
}

type Probes = (arm: PlannedArm, options: { readonly again: boolean }) => Promise<ProbeResult>;

/** Arms that differ in their workload alone are probed once. */
function createProbes({ signal, note, probed }: ProbeSettings): Probes {
  const done = new Map<string, ProbeResult>();
  return async (arm, { again }) => {
    const key = JSON.stringify([arm.target, arm.set]);
    const known = done.get(key);
    if (known !== undefined && !again) return known;
    note(`${arm.name}: ${again ? "probed once more" : "probed from both ends"}`);
    const { serverName, host, origin, caFile, insecure } = arm.workload;
    const { path, headers } = handshakeOf(arm);
    const result = await runProbe({
      arm: arm.target,
      set: arm.set,
      path,
      backendPath: null,
      serverName,
      headers,
      keepsUpstream: false,
      behind: null,
      host,
      origin,
      caPem: caFile === null ? null : await readAuthority(caFile),
      insecure,
      quick: true,
      idle: false,
      signal,
      progress: () => undefined,
    });
    probed(arm.name, result.sent);
    done.set(key, result);
    return result;
  };
}

/** The first connection's, as the load will have it. */
function handshakeOf({ workload }: PlannedArm): {
  readonly path: string | null;
  readonly headers: Readonly<Record<string, string>>;
} {
  const { path, fields, subprotocols, rows } = readOwnHandshake(workload);
  const [row = []] = rows;
  const offered = subprotocols.length === 0 ? {} : { "Sec-WebSocket-Protocol": subprotocols.join(", ") };
  const headers = Object.fromEntries(fields.map(({ name, value }) => [name, fillText(value, row)]));
  return { path: path === null ? null : fillText(path, row), headers: { ...headers, ...offered } };
}

interface PairSettings {
  readonly probes: Probes;
  readonly configs: ReadonlyMap<string, ConfigSide>;
}

async function probePair(
  baseline: PlannedArm,
  candidate: PlannedArm,
  { probes, configs }: PairSettings,
): Promise<ProbedPair> {
  const [before, after] = [
    await probes(baseline, { again: false }),
    await probes(candidate, { again: false }),
  ];
  const old = toSide(before, baseline);
  const regressions = await seenTwice(findingRegressions(old, toSide(after, candidate)), async () =>
    findingRegressions(old, toSide(await probes(candidate, { again: true }), candidate)),
  );
  const [oldSide, newSide] = [baseline, candidate].map(({ target }) =>
    isConfigured(target) ? configs.get(target.configFile) : undefined,
  );
  const { diff, otherFiles } =
    oldSide && newSide ? configDiff(oldSide, newSide) : { diff: [], otherFiles: [] };
  const digest = before.proxy?.configSha256 ?? null;
  const isSame = digest !== null && digest === after.proxy?.configSha256 && otherFiles.length === 0;
  return {
    baseline: baseline.name,
    candidate: candidate.name,
    sameConfig: digest === null ? null : isSame,
    diff,
    otherFiles,
    regressions,
    connects: { baseline: connects(before.findings), candidate: connects(after.findings) },
  };
}

/** Nothing it could be better or worse than: every fault is its own. */
async function probeAlone(arm: PlannedArm, probes: Probes): Promise<ProbedPair> {
  const spotless: ProbedSide = { findings: [], idleS: null, shutdownS: null, room: null };
  const faultsOf = (result: ProbeResult): GatePair["regressions"] =>
    findingRegressions(spotless, { ...spotless, findings: result.findings }).map((one) => ({
      ...one,
      fails: one.status === "fault",
    }));
  const result = await probes(arm, { again: false });
  const regressions = await seenTwice(faultsOf(result), async () =>
    faultsOf(await probes(arm, { again: true })),
  );
  return {
    baseline: null,
    candidate: arm.name,
    sameConfig: null,
    diff: [],
    otherFiles: [],
    regressions,
    connects: { baseline: false, candidate: connects(result.findings) },
  };
}

/** What fails a gate must be there at a second look: a busy machine can be late for a check of a few seconds. */
async function seenTwice(
  found: GatePair["regressions"],
  lookAgain: () => Promise<GatePair["regressions"]>,
): Promise<GatePair["regressions"]> {
  if (!found.some(({ fails }) => fails)) return found;
  const again = new Set((await lookAgain()).map(({ id }) => id));
  return found.filter(({ id }) => again.has(id));
}

function toSide({ findings, proxy }: ProbeResult, plan: PlannedArm): ProbedSide {
  const facts = proxy?.facts ?? null;
  return {
    findings,
    idleS: facts?.idleS.value ?? null,
    shutdownS: facts?.shutdownS.value ?? null,
    room: proxy === null ? null : armRoom({ plan, proxy }, readMachineLimits()),
  };
}
