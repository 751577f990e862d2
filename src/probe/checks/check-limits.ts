/**
 * How many WebSockets the config lets in: foretold from limit_conn and worker_connections, and tried where the number
 * is small enough.
 */

import { type Finding, note, notTested, ok, warning } from "../../diagnosis/finding.js";
import { descriptorLimitOf } from "../../linux/descriptor-limit.js";
import { isLinuxLayerAvailable } from "../../linux/linux-layer.js";
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { hopsOf } from "../../proxy/nginx/explain/config-view.js";
import { workerRoom } from "../../proxy/nginx/explain/worker-room.js";
import { outermost, placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import type { Answer } from "../answer.js";
import { connectionsMost } from "../arm-session.js";
import { answerWords } from "../evidence.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { type ClientExchange, exchange, upgradeText } from "../raw-client.js";
import { noPair } from "./check-messages.js";
import { sharedBy } from "./limit-keys.js";

/** Opened beyond what is foretold. */
const beyond = 10;
const atOnce = 50;
/** Failures in all after which no more is tried. */
const failuresEnough = 5;
const openLimitMs = 2000;
/** Below this a handful of users' browsers fill it. */
const fewConnections = 512;
/** Files that a worker has open beside its connections: logs, epoll, its channel to the master. */
const ownFiles = 10;

export async function checkLimits(context: ProbeContext): Promise<readonly Finding[]> {
  const { view, arm, opening } = context;
  if (!isNginx(arm) || view === null) {
    return [
      notTested("limit-conn", "there is no config to read"),
      notTested("worker-connections", "there is no config to read"),
    ];
  }
  if (opening.client.end === null)
    return [notTested("limit-conn", noPair(context)), notTested("worker-connections", noPair(context))];
  return [await limitConn(context), await workerConnections(context)];
}

async function limitConn(context: ProbeContext): Promise<Finding> {
  const { facts, quick } = context;
  const limit = facts?.connectionLimit ?? null;
  if (limit === null) return ok("limit-conn", ["config: no limit_conn for this path"]);
  const { value: foretold, quote, by } = limit;
  const shared = sharedBy(by);
  const evidence = [
    `config: \`${quote.text}\` at ${placeOf(quote.place)}, by ${by}; each WebSocket counts for as long as it lives`,
  ];
  const isTriable = !quick && foretold + beyond <= mostToTry();
  const tried = isTriable ? await fill(context, { count: foretold + beyond, failuresEnough }) : null;
  return warning("limit-conn", {
    side: "proxy",
    title: `limit_conn lets ${foretold} WebSockets in for each ${by}`,
    evidence: [...evidence, ...triedWords(tried, quick)],
    cause: `limit_conn was made for requests, which end; ${shared.cause}`,
    cure:
      shared.betterKey === null
        ? "raise the number, or leave limit_conn out of the WebSocket's location"
        : `raise the number to all the WebSockets there may be, or count by address in its zone:\nlimit_conn_zone ${shared.betterKey} ${limit.definition?.text.split(" ").slice(2).join(" ") ?? "zone=NAME:10m"};`,
  });
}

async function workerConnections(context: ProbeContext): Promise<Finding> {
  const { view, facts, quick, proxy } = context;
  if (view === null || facts === null || facts.room === null) {
    return notTested(
      "worker-connections",
      "the file is a part of a config: worker_connections stands in the whole",
    );
  }
  const { workers, room } = facts;
  const {
    each: connections,
    processes,
    connectionsEach,
    pairsIn,
  } = workerRoom(view.tree, {
    autoWorkers: workers,
    hops: hopsOf(view).most,
  });
  const files = Number(outermost(view.tree, "worker_rlimit_nofile")?.args[0] ?? Number.POSITIVE_INFINITY);
  const each = Math.min(connections, files - ownFiles);
  const perWorker = pairsIn(each);
  const foretold = workers * perWorker;
  const evidence = [
    `config: worker_connections ${connections}${room.quote.place === null ? " (the default)" : ""}, worker_processes ${processes}: room for ${foretold} WebSockets, at ${connectionsEach} connections each${workers === 1 ? "" : `: ${perWorker} in each of ${workers} workers`}`,
    ...(workers === 1 ? [] : [spreadWords(view)]),
    ...(each === connections ? [] : [`config: worker_rlimit_nofile ${files}: open files run out first`]),
  ];
  const limited = facts.connectionLimit !== null;
  const isTriable = !quick && !limited && foretold + beyond <= mostToTry();
  const before = proxy.log().length;
  // A worker that is full turns clients away while others have room: all are asked for before one is believed.
  const tried = isTriable
    ? await fill(context, { count: foretold + beyond, failuresEnough: failuresEnough * workers ** 2 })
    : null;
  const logged = proxy
    .log()
    .slice(before)
    .find((line) => line.includes("worker_connections are not enough"));
  const all = [
    ...evidence,
    ...triedWords(tried, quick),
    ...(logged === undefined ? [] : [`proxy logged: ${logged.replace(/^\S+ \S+ /, "")}`]),
  ];
  if (foretold >= fewConnections) return spread(view, { all, workers, perWorker });
  return warning("worker-connections", {
    side: "proxy",
    title: `nginx has room for ${foretold} WebSockets`,
    evidence: all,
    cause:
      "worker_connections counts both sides of the proxy; whoever comes beyond is cut off without an answer",
    cure: "outside http:\nworker_processes auto;\nworker_rlimit_nofile 33000;\nevents { worker_connections 16384; }",
  });
}

interface Spread {
  readonly all: readonly string[];
  readonly workers: number;
  readonly perWorker: number;
}

/** Room for all of them is of no use where one worker takes them all. */
function spread(view: ConfigView, { all, workers, perWorker }: Spread): Finding {
  const listens = (view.server?.block ?? []).filter(({ name }) => name === "listen");
  const isDealt = listens.some(({ args }) => args.includes("reuseport"));
  if (workers === 1 || isDealt) return ok("worker-connections", all);
  const written = [outermost(view.tree, "worker_processes"), ...listens];
  const places = written.flatMap((node) => (node?.origin ? [placeOf(node.origin)] : []));
  return note("worker-connections", {
    title: `one of the ${workers} workers may take all WebSockets, and has room for ${perWorker} of them`,
    evidence: all,
    cause: `without reuseport whichever worker is awake first takes a connection, and keeps it for as long as it lives (${places.join(", ")}); with listen … reuseport the kernel deals them out`,
  });
}

/** Without reuseport whichever worker wakes first takes a connection, full or not; with it the kernel deals them out. */
function spreadWords(view: ConfigView): string {
  const listen = (view.server?.block ?? []).find(
    ({ name, args }) => name === "listen" && args.includes("reuseport"),
  );
  return listen === undefined
    ? "config: no reuseport: the workers take what they get hold of, so that one can be full while others have room"
    : `config: \`listen ${listen.args.join(" ")}\` at ${placeOf(listen.origin)}: the kernel deals connections out by their addresses, so that one worker can be full while others have room`;
}

/** Of the probe itself beside the connections. */
const spareFiles = 60;

/** Both ends of each are the probe's own. */
function mostToTry(): number {
  const files = isLinuxLayerAvailable().available ? descriptorLimitOf(0).soft : Number.POSITIVE_INFINITY;
  return Math.min(connectionsMost, Math.floor((files - spareFiles) / 2));
}

interface Tried {
  readonly asked: number;
  readonly opened: number;
  /** How many were open when the first was turned away; null when none was. */
  readonly firstAt: number | null;
  /** What the first that failed got. */
  readonly example: string | null;
  /** What the probe itself ran out of, by the system's code: then nothing is known of the proxy. */
  readonly shortage: string | null;
}

/** Descriptors and ports, of which the probe's two ends need as many as the proxy. */
const ownShortages = ["EMFILE", "ENFILE", "EADDRNOTAVAIL"];

function shortageOf(answer: Answer): string | null {
  return answer.kind === "connect-failed" && ownShortages.includes(answer.code) ? answer.code : null;
}

function triedWords(tried: Tried | null, quick: boolean): string[] {
  if (tried === null) {
    const most = mostToTry();
    if (quick) return ["not tried: --quick"];
    return most < connectionsMost
      ? [`not tried: more than ${most}, which is all that probe itself has open files for (ulimit -n)`]
      : [`not tried: more than ${connectionsMost}, or limit_conn before it`];
  }
  const { asked, opened, firstAt, example, shortage } = tried;
  if (shortage !== null)
    return [`tried as far as this machine lets probe open connections: ${opened} opened, then ${shortage}`];
  const first =
    firstAt === null || firstAt === opened ? "" : `, the first was turned away with ${firstAt} open`;
  return [`tried ${asked}: ${opened} opened${first}${example === null ? "" : `; the next got: ${example}`}`];
}

interface Filling {
  readonly count: number;
  readonly failuresEnough: number;
}

async function fill(context: ProbeContext, { count, failuresEnough: enough }: Filling): Promise<Tried> {
  const { target, signal } = context;
  const opened: ClientExchange[] = [];
  let example: string | null = null;
  let shortage: string | null = null;
  let failures = 0;
  let firstAt: number | null = null;
  try {
    while (opened.length < count && failures < enough && shortage === null && !signal.aborted) {
      // Close to the limit one by one: a client that waits for its upstream connection takes another's.
      const left = count - beyond - opened.length;
      const batch = await Promise.all(
        Array.from({ length: left > 2 * atOnce ? atOnce : 1 }, () =>
          exchange(target, upgradeText(target), { timeoutMs: openLimitMs }),
        ),
      );
      opened.push(...batch.filter(({ end }) => end !== null));
      const failed = batch.filter(({ end }) => end === null);
      failures += failed.length;
      if (failed.length > 0) firstAt ??= opened.length;
      if (failed[0] !== undefined) example ??= answerWords(failed[0].answer);
      shortage ??= failed.map(({ answer }) => shortageOf(answer)).find((code) => code !== null) ?? null;
    }
    const held = opened.filter(({ end }) => end?.ended() === null).length;
    return { asked: opened.length + failures, opened: held, firstAt, example, shortage };
  } finally {
    for (const { end } of opened) end?.destroy();
    // The proxy has to see them go before anything else is tried.
    await context.settle();
  }
}
