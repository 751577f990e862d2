/**
 * How many WebSockets the config lets in: foretold from limit_conn and worker_connections, and tried where the number
 * is small enough.
 */
import { availableParallelism } from "node:os";
import { placeOf, walk } from "../../proxy/nginx/nginx-tree.js";
import { connectionsMost } from "../arm-session.js";
import { topLevelWord } from "../config/config-times.js";
import { answerWords } from "../evidence.js";
import { type Finding, notTested, ok, warning } from "../finding.js";
import type { ProbeContext } from "../probe-context.js";
import { type ClientExchange, exchange, upgradeText } from "../raw-client.js";
import { noPair } from "./check-messages.js";

/** Opened beyond what is foretold. */
const beyond = 10;
const atOnce = 50;
/** Failures in all after which no more is tried. */
const failuresEnough = 5;
const openLimitMs = 2000;
const defaultWorkerConnections = 512;
/** Below this a handful of users' browsers fill it. */
const fewConnections = 512;

export async function checkLimits(context: ProbeContext): Promise<readonly Finding[]> {
  const { view, arm, opening } = context;
  if (arm.kind !== "nginx" || view === null) {
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
  const { view, quick } = context;
  const [written] = [...(view?.effective("limit_conn") ?? [])].sort(
    (a, b) => Number(a.args[1]) - Number(b.args[1]),
  );
  if (view === null || written === undefined)
    return ok("limit-conn", ["config: no limit_conn for this path"]);
  const [zone = "", number = ""] = written.args;
  const key = [...walk(view.tree)].find(
    ({ node }) =>
      node.name === "limit_conn_zone" && node.args.some((word) => word.startsWith(`zone=${zone}:`)),
  )?.node.args[0];
  const foretold = Number(number);
  const evidence = [
    `config: \`limit_conn ${zone} ${number}\` at ${placeOf(written.origin)}, by ${key ?? "its key"}; each WebSocket counts for as long as it lives`,
  ];
  const isTriable = !quick && foretold + beyond <= connectionsMost;
  const tried = isTriable ? await fill(context, foretold + beyond) : null;
  return warning("limit-conn", {
    side: "proxy",
    title: `limit_conn lets ${number} WebSockets in for each ${key ?? "key"}`,
    evidence: [...evidence, ...triedWords(tried, quick)],
    cause: "limit_conn was made for requests, which end; browsers behind one address share the number",
    cure: "raise the number, or leave limit_conn out of the WebSocket's location",
  });
}

async function workerConnections(context: ProbeContext): Promise<Finding> {
  const { view, quick, proxy } = context;
  if (view === null || !view.tree.some(({ name }) => name === "events")) {
    return notTested(
      "worker-connections",
      "the file is a part of a config: worker_connections stands in the whole",
    );
  }
  const written = topLevelWord(view, "worker_connections");
  const each = Number(written ?? defaultWorkerConnections);
  const processes = topLevelWord(view, "worker_processes") ?? "1";
  const workers = processes === "auto" ? availableParallelism() : Number(processes);
  const listeners = new Set(
    [...walk(view.tree)]
      .filter(({ node, path }) => node.name === "listen" && path.at(-1)?.name === "server")
      .map(({ node }) => node.args[0]),
  ).size;
  // Measured: a worker keeps one for each listening socket and one for its channel to the master.
  const foretold = workers * Math.floor((each - Math.max(1, listeners) - 1) / 2);
  const evidence = [
    `config: worker_connections ${each}${written === null ? " (the default)" : ""}, worker_processes ${processes}: room for ${foretold} WebSockets, at 2 connections each`,
  ];
  const limited = view.effective("limit_conn").length > 0;
  const isTriable = !quick && !limited && workers === 1 && foretold + beyond <= connectionsMost;
  const before = proxy.log().length;
  const tried = isTriable ? await fill(context, foretold + beyond) : null;
  const logged = proxy
    .log()
    .slice(before)
    .find((line) => line.includes("worker_connections are not enough"));
  const all = [
    ...evidence,
    ...triedWords(tried, quick),
    ...(logged === undefined ? [] : [`proxy logged: ${logged.replace(/^\S+ \S+ /, "")}`]),
  ];
  if (foretold >= fewConnections) return ok("worker-connections", all);
  return warning("worker-connections", {
    side: "proxy",
    title: `nginx has room for ${foretold} WebSockets`,
    evidence: all,
    cause:
      "worker_connections counts both sides of the proxy; whoever comes beyond is cut off without an answer",
    cure: "events { worker_connections 16384; } with worker_rlimit_nofile to match, and worker_processes auto;",
  });
}

interface Tried {
  readonly asked: number;
  readonly opened: number;
  /** What the first that failed got. */
  readonly example: string | null;
}

function triedWords(tried: Tried | null, quick: boolean): string[] {
  if (tried === null) {
    return [
      quick
        ? "not tried: --quick"
        : `not tried: more than ${connectionsMost}, several workers, or limit_conn before it`,
    ];
  }
  const { asked, opened, example } = tried;
  return [`tried ${asked}: ${opened} opened${example === null ? "" : `; the next got: ${example}`}`];
}

async function fill(context: ProbeContext, count: number): Promise<Tried> {
  const { target, signal } = context;
  const opened: ClientExchange[] = [];
  let example: string | null = null;
  let failures = 0;
  try {
    while (opened.length + failures < count && failures < failuresEnough && !signal.aborted) {
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
      if (failed[0] !== undefined) example ??= answerWords(failed[0].answer);
    }
    const held = opened.filter(({ end }) => end?.ended() === null).length;
    return { asked: opened.length + failures, opened: held, example };
  } finally {
    for (const { end } of opened) end?.destroy();
    // The proxy has to see them go before anything else is tried.
    await context.settle();
  }
}
