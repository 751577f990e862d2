/**
 * How many WebSockets an nginx config has room for, as those who count them one by one see it.
 */
import type { Room } from "../../../diagnosis/config-facts.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { type Directive, outermost, quoteOf } from "../language/nginx-tree.js";
import { type ConfigView, hopsOf } from "./config-view.js";
import { workerRoom } from "./worker-room.js";

/** Files that a worker has open beside its connections: logs, epoll, its channel to the master. */
const ownFiles = 10;

/** Null for the file of a site, which says nothing of its workers: that stands in the whole. */
export function roomFacts(view: ConfigView, autoWorkers: number): Room | null {
  const { tree } = view;
  if (!tree.some(({ name }) => name === "events")) return null;
  const { each, atOnce, workers, processes, connectionsEach, quote, pairsIn } = workerRoom(tree, {
    autoWorkers,
    hops: hopsOf(view).most,
  });
  const files = outermost(tree, "worker_rlimit_nofile");
  const least = Math.min(each, Number(files?.args[0] ?? Number.POSITIVE_INFINITY) - ownFiles);
  const perWorker = pairsIn(least);
  const byDefault = quote.place === null ? " (the default)" : "";
  const split = workers === 1 ? "" : `: ${perWorker} in each of ${workers} workers`;
  return {
    value: atOnce,
    quote,
    oneByOne: workers * perWorker,
    parts: workers,
    words: [
      `config: worker_connections ${each}${byDefault}, worker_processes ${processes}: room for ${workers * perWorker} WebSockets, at ${connectionsEach} connections each${split}`,
      ...(workers === 1 ? [] : [spreadWords(view)]),
      ...(least === each || files === null
        ? []
        : [`config: ${quoteAt(quoteOf(files))}: open files run out first`]),
    ],
  };
}

/** That of the server which makes the kernel deal connections out. */
export function dealingListen({ server }: ConfigView): Directive | null {
  const listens = (server?.block ?? []).filter(({ name }) => name === "listen");
  return listens.find(({ args }) => args.includes("reuseport")) ?? null;
}

/** Without reuseport whichever worker wakes first takes a connection, full or not; with it the kernel deals them out. */
function spreadWords(view: ConfigView): string {
  const listen = dealingListen(view);
  return listen === null
    ? "config: no reuseport: the workers take what they get hold of, so that one can be full while others have room"
    : `config: ${quoteAt(quoteOf(listen))}: the kernel deals connections out by their addresses, so that one worker can be full while others have room`;
}
