/**
 * Puts together what the checks look at, and makes the opening handshake.
 */

import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Secrets } from "../base/secrets.js";
import type { ConfigFacts } from "../diagnosis/config-facts.js";
import type { LoggedLine } from "../diagnosis/symptom.js";
import type { WrittenConfig } from "../diagnosis/written-config.js";
import { drivers } from "../proxy/drivers.js";
import type { ProxyEndpoint } from "../proxy/proxy.js";
import type { Variant } from "../proxy/variant.js";
import type { ArmTarget } from "../scenario/arm.js";
import { behindText } from "../scenario/behind.js";
import type { TokenPlace } from "../websocket/run-token.js";
import { type ArmSession, type SessionSettings, startSession } from "./arm-session.js";
import { answerWords } from "./evidence.js";
import { answeredFields, offeredHeaders } from "./handshake-offer.js";
import { plainManners } from "./probe-backend.js";
import type { Observation, ProbeContext, RunningVariant } from "./probe-context.js";
import type { ProbeSettings } from "./probe-settings.js";
import type { ProbeTally } from "./probe-tally.js";
import { exchange, type ProbeTarget, upgradeText } from "./raw-client.js";
import { findProbeTokenPlace, withToken } from "./token-place.js";

export interface ContextParts {
  readonly settings: ProbeSettings;
  readonly session: ArmSession;
  /** What it was started with, for variants of it. */
  readonly sessionSettings: SessionSettings;
  readonly path: string;
  readonly tally: ProbeTally;
  /** Of the request and of the config. */
  readonly secrets: Secrets;
  readonly config: WrittenConfig | null;
  readonly facts: ConfigFacts | null;
  /** What came of the opening handshake with passwords and address lists in the way, where that was a refusal. */
  readonly refused?: Observation;
}

/** What the proxy may take to write a line of its log. */
const logDelayMs = 30;
const reachLimitMs = 1000;
const settleLimitMs = 2000;

export async function createContext(parts: ContextParts): Promise<ProbeContext> {
  const { settings, session, path, secrets } = parts;
  const { arm, quick, idle, signal } = settings;
  const isForeign = (arm.kind === "url" && settings.behind === null) || settings.keepsUpstream;
  const name = session.prepared.webSocket?.serverName ?? null;
  const plainTarget = makeTarget(session.proxy.endpoint, settings, {
    path,
    name,
    tally: parts.tally,
    secrets,
    writtenAt: parts.config?.port ?? null,
  });
  const backend = isForeign ? null : session.backend;
  const place = await placeOf(settings.behind, plainTarget, session);
  const target =
    settings.behind === null ? plainTarget : withToken(plainTarget, settings.behind.token, place ?? "header");
  const ends = { session, target, backend, readLine: lineReader(arm) };
  const observe = (text: string): Promise<Observation> => observeOnce(ends, text);
  if (backend !== null) {
    backend.manners = {
      ...plainManners,
      fields: [
        { name: "Sec-WebSocket-Extensions", value: answeredFields.extensions },
        { name: "Set-Cookie", value: answeredFields.cookie },
      ],
    };
  }
  const opening = await observe(upgradeText(target, offeredHeaders));
  opening.client.end?.destroy();
  if (backend !== null) backend.manners = plainManners;
  const isUnanswered = (seen: Observation): boolean => seen.client.answer.kind === "timeout";
  /** Neither the browser's handshake nor the plain one is answered: no later one would be, and each would be waited for. */
  let isHopeless = false;
  let refusal = opening.client.end === null ? answerWords(opening.client.answer) : null;
  return {
    arm,
    target,
    backend,
    behind:
      settings.behind === null
        ? null
        : { at: settings.behind.addresses.map(behindText).join(", "), tokenIn: place },
    proxy: session.proxy,
    version: session.prepared.version,
    config: parts.config,
    facts: parts.facts,
    backendPath: settings.backendPath ?? path,
    quick,
    idle,
    signal,
    opening,
    refused: parts.refused ?? null,
    observe,
    openPair: async () => {
      if (isHopeless) return null;
      const observed = await observe(upgradeText(target));
      const { client, backend: seen } = observed;
      if (client.end !== null && seen?.end) return { client: client.end, backend: seen.end };
      isHopeless = isUnanswered(opening) && isUnanswered(observed);
      client.end?.destroy();
      refusal = answerWords(client.answer);
      return null;
    },
    lastRefusal: () => refusal,
    log: () => session.proxy.log().map(ends.readLine),
    settle: () => settle(backend),
    startVariant: (variant) => startVariant(parts, variant),
  };
}

async function placeOf(
  behind: ProbeSettings["behind"],
  target: ProbeTarget,
  { backend }: ArmSession,
): Promise<TokenPlace | null> {
  return behind === null ? null : findProbeTokenPlace(target, behind.token, backend);
}

/** @returns null for an arm that has none such */
async function startVariant(parts: ContextParts, variant: Variant): Promise<RunningVariant | null> {
  const { arm } = parts.settings;
  const canVary = arm.kind === "proxy" && drivers[arm.proxy].configs?.canVary.includes(variant.kind);
  if (canVary !== true) return null;
  const session = await startSession({ ...parts.sessionSettings, variant });
  const context = await createContext({ ...parts, session });
  return { context, stop: session.stop };
}

async function settle(backend: ProbeContext["backend"]): Promise<void> {
  for (let waitedMs = 0; waitedMs < settleLimitMs && (backend?.open() ?? 0) > 0; waitedMs += 10)
    await sleep(10);
}

/** What logs nothing but words tells them as they are. */
function lineReader(arm: ArmTarget): Ends["readLine"] {
  return arm.kind === "proxy"
    ? drivers[arm.proxy].readLogLine
    : (line) => ({ line, shown: line, cause: null });
}

interface Ends {
  readonly session: ArmSession;
  readonly target: ProbeTarget;
  readonly backend: ProbeContext["backend"];
  readonly readLine: (line: string) => LoggedLine;
}

async function observeOnce({ session, target, backend, readLine }: Ends, text: string): Promise<Observation> {
  const logBefore = session.proxy.log().length;
  const before = backend?.exchanges.length ?? 0;
  const client = await exchange(target, text);
  const isOpen = client.end !== null;
  const seen = backend === null ? null : await backend.after(before, isOpen ? reachLimitMs : logDelayMs);
  if (!isOpen) await sleep(logDelayMs);
  const log = session.proxy.log().slice(logBefore).map(readLine);
  return { client, backend: seen, log };
}

interface Asked {
  readonly name: string | null;
  /** Null for the scheme's own port. */
  readonly writtenAt: number | null;
}

function makeTarget(
  { tls, host, port, caPem }: ProxyEndpoint,
  settings: ProbeSettings,
  { path, name, tally, secrets, writtenAt }: Pick<ContextParts, "path" | "tally" | "secrets"> & Asked,
): ProbeTarget {
  const bare = isIPv6(host) ? `[${host}]` : host;
  // A browser writes the port of its address bar, which is that of `listen` as written.
  const named = name === null || writtenAt === null ? name : `${name}:${writtenAt}`;
  const hostHeader = settings.host ?? named ?? (port === (tls ? 443 : 80) ? bare : `${bare}:${port}`);
  return {
    tls,
    host,
    port,
    path,
    hostHeader,
    // A name may stand with a port, where a rule asks for it so.
    serverName: name?.replace(/:\d+$/, "") ?? null,
    headers: settings.headers,
    secrets,
    origin: settings.origin ?? `${tls ? "https" : "http"}://${hostHeader}`,
    caPem: [settings.caPem, caPem].filter((pem) => pem !== null).join("\n") || null,
    insecure: settings.insecure,
    tally,
    writtenAt,
  };
}
