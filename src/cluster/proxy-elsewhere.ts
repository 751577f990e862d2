/**
 * An arm's proxy on an agent's host: its config is read here, for what has to be known before, and made ready and started
 * there. Where it listens, what it uses and what its log says comes from there.
 */
import { createHash } from "node:crypto";
import { dirname, isAbsolute, resolve } from "node:path";
import { EnvironmentError, UsageError } from "../base/errors.js";
import { Secrets } from "../base/secrets.js";
import type { WrittenConfig } from "../diagnosis/written-config.js";
import { drivers } from "../proxy/drivers.js";
import { foretellProxy } from "../proxy/foretell-proxy.js";
import type { ProxyProcesses } from "../proxy/kill-processes.js";
import type { ProxyEndpoint, ProxyWish } from "../proxy/proxy.js";
import { type CarriedFile, notingFiles } from "../proxy/reach/carried-files.js";
import type { ArmProxy, SeenProxy } from "../proxy/seen-proxy.js";
import type { ArmTarget } from "../scenario/arm.js";
import { addressOf } from "./agent-address.js";
import type { AgentLink } from "./agent-link.js";
import { expectAnswer } from "./expect-answer.js";
import type { Deed, FileMark, PreparedThere, ProxyRequest, Question, StartWay } from "./proxy-protocol.js";

interface ArmElsewhere {
  /** Of its own among all that are prepared in a run. */
  readonly arm: string;
  readonly target: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  readonly wish: ProxyWish;
  readonly signal: AbortSignal;
}

/** It may try three times to start, ten seconds each. */
const slowMs = 40_000;
/** Of a piece: in base64 and with its envelope well below what a NATS server takes. */
const pieceBytes = 256 * 1024;

/** @throws as `prepareProxy`, in the agent's words; AgentLostError */
export async function prepareElsewhere(link: AgentLink, given: ArmElsewhere): Promise<ArmProxy> {
  const { arm, set, signal } = given;
  signal.throwIfAborted();
  const facing = await addressOf(link.facts);
  const wish = { ...given.wish, backend: { ...given.wish.backend, facing }, isPlaced: false };
  const { target, told } = asKnownThere(given.target);
  const { result: foretold, files } = await notingFiles(() => foretellProxy(given.target, set, wish));
  const order = { target, set, wish, files: await send(link, files) };
  const answer = await asTold(link.ask({ kind: "prepare", arm, order }, slowMs), told);
  const { restarts, replaceable, renews, ...there } = expectAnswer("prepared", answer).proxy;
  const begin = (how: StartWay): Promise<SeenProxy> => start(link, arm, how, told);
  return {
    ...there,
    agent: link.facts.name,
    changes: there.changes.map(told),
    upstreams: there.upstreams.map((upstream) => ({ ...upstream, origin: told(upstream.origin) })),
    limits: () => foretold.limits(link.facts.limits),
    config: writtenConfig(given, there),
    start: () => begin("afresh"),
    ...(restarts ? { startAt: (_: AbortSignal, port: number) => begin({ port }) } : {}),
    ...(replaceable === null ? {} : { replaceable: { ...replaceable, start: () => begin("replaceable") } }),
    ...(renews ? { renewCertificate: async () => void (await link.ask({ kind: "renew", arm })) } : {}),
  };
}

async function start(
  link: AgentLink,
  arm: string,
  how: StartWay,
  told: (text: string) => string,
): Promise<SeenProxy> {
  const answer = await asTold(link.ask({ kind: "start", arm, how }, slowMs), told);
  const { endpoint, can } = expectAnswer("started", answer);
  return running(link, arm, endpoint, can);
}

function running(link: AgentLink, arm: string, endpoint: ProxyEndpoint, can: readonly Deed[]): SeenProxy {
  const ask = async (question: Question | "processes"): Promise<unknown> =>
    expectAnswer("seen", await link.ask({ kind: "look", arm, question })).answer;
  const doThere = async (request: ProxyRequest): Promise<void> => void (await link.ask(request, slowMs));
  const deedsThere: Pick<SeenProxy, Deed> = {
    reload: (config = "changed") => doThere({ kind: "reload", arm, config }),
    pointTo: (backend) => doThere({ kind: "point", arm, backend }),
    replace: () => doThere({ kind: "replace", arm }),
  };
  const look = <Name extends Question>(question: Name) =>
    (() => ask(question)) as unknown as Pick<SeenProxy, Name>[Name];
  return {
    endpoint,
    // Of processes elsewhere a number says nothing here.
    mainPid: null,
    pids: () => [],
    usage: look("usage"),
    residentBytes: look("residentBytes"),
    descriptors: look("descriptors"),
    exactBytes: look("exactBytes"),
    footprint: look("footprint"),
    knownFootprint: look("knownFootprint"),
    exited: look("exited"),
    diary: look("diary"),
    processes: async () => (await ask("processes")) as ProxyProcesses,
    kill: (which) => doThere({ kind: "kill", arm, which }),
    ...Object.fromEntries(can.map((deed) => [deed, deedsThere[deed]])),
    async stop() {
      // One that is lost ends its proxies by itself.
      if (!link.gone.aborted) await link.ask({ kind: "stop", arm }).catch(() => undefined);
    },
  };
}

interface KnownThere {
  readonly target: ArmTarget;
  /** A text of the agent's with the config's files named as their user names them. */
  readonly told: (text: string) => string;
}

/** An agent has another working directory. */
function asKnownThere(target: ArmTarget): KnownThere {
  if (target.kind !== "proxy" || target.configFile === null || isAbsolute(target.configFile))
    return { target, told: (text) => text };
  const configFile = resolve(target.configFile);
  const written = dirname(target.configFile);
  const shown = written === "." ? "" : `${written}/`;
  return {
    target: { ...target, configFile },
    told: (text) => text.replaceAll(`${dirname(configFile)}/`, shown),
  };
}

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** @throws UsageError where a private key would cross a network in the clear */
export function requirePrivacy(
  { isPrivate, facts }: Pick<AgentLink, "isPrivate"> & { readonly facts: { readonly name: string } },
  files: readonly CarriedFile[],
): void {
  const key = isPrivate
    ? undefined
    : files.find(({ content }) => privateKey.test(content.toString("latin1")));
  if (key === undefined) return;
  throw new UsageError(
    `Cannot send the private key in ${key.path} to agent ${facts.name}: the NATS server is reached without TLS, where a network can read it; want TLS there, as wsrally cluster init sets it up`,
  );
}

/** Each content once. @returns the files as an order names them @throws as `requirePrivacy` */
async function send(link: AgentLink, files: readonly CarriedFile[]): Promise<FileMark[]> {
  requirePrivacy(link, files);
  const marks: FileMark[] = [];
  for (const { path, content } of files) {
    const sha256 = createHash("sha256").update(content).digest("hex");
    for (let from = 0; from === 0 || from < content.length; from += pieceBytes) {
      const piece = content.subarray(from, from + pieceBytes).toString("base64");
      await link.ask({ kind: "keep", sha256, bytes: content.length, piece });
    }
    marks.push({ path, sha256 });
  }
  return marks;
}

/** As its user wrote it, by what will run it; null where nothing reads it. */
function writtenConfig(
  { target, wish }: ArmElsewhere,
  program: Pick<PreparedThere, "version" | "build">,
): WrittenConfig | null {
  if (target.kind !== "proxy" || target.configFile === null) return null;
  const { version, build } = program;
  const { path, serverName } = wish;
  const asked = { path, serverName, confinedTo: target.confinedTo, found: new Secrets().found };
  const known = version === null || build === null ? null : { version, build };
  return drivers[target.proxy].configs?.read(target.configFile, { ...asked, program: known }) ?? null;
}

/** @throws EnvironmentError in the agent's words, with the names that the user knows */
async function asTold<Answer>(answer: Promise<Answer>, told: (text: string) => string): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError) || thrown.constructor !== EnvironmentError) throw thrown;
    throw new EnvironmentError(told(thrown.message), { cause: thrown });
  }
}
