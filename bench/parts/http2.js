/**
 * Processor time of a closed loop's round trip over HTTP/2, 1,000 WebSockets on 10 connections, beside HTTP/1.1 and
 * beside `node:http2` as the client. Over HTTP/2 the server is Node's own, for want of one in C: it is slower than the
 * client, which so has more turns for fewer messages. They take turns within each round, as in cost.js.
 */
import { fileURLToPath } from "node:url";
import { startCServer, startPongServer } from "../support/backend.js";
import { runOn } from "../support/child-processes.js";
import { runGenerator } from "../support/contestants.js";
import { generatorCpu } from "../support/cpus.js";
import { median, percent, whole } from "../support/figures.js";
import { inWords, rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";

const webSockets = 1000;
const streams = 100;
const share = 0.35;

const fileOf = (name) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

export async function http2({ cPrograms, quick, progress }) {
  const job = {
    connections: webSockets,
    ...(quick ? { warmupMs: 200, windowMs: 400 } : { warmupMs: 500, windowMs: 1000 }),
  };
  const one = await startPongServer(cPrograms, "spin");
  const two = await startCServer(process.execPath, [fileOf("http2-server.js")]);
  const client = [fileOf("http2-client.js"), JSON.stringify({ ...job, port: two.port, streams })];
  const over1 = (engine) => runGenerator({ ...job, engine, port: one.port, address: one.nextAddress() });
  const all = {
    "HTTP/1.1, epoll": () => over1("epoll"),
    "HTTP/1.1, io_uring": () => over1("io_uring"),
    "HTTP/2, 10 x 100": () => runGenerator({ ...job, engine: "epoll", port: two.port, streams }),
    "node:http2, 10 x 100": () => runOn(generatorCpu, process.execPath, client, { timeoutS: 60 }),
  };
  const names = Object.keys(all);
  const figures = Object.fromEntries(names.map((name) => [name, []]));
  for (const round of rounds(quick ? 3 : 7, 150)) {
    for (const [turn] of names.entries()) {
      const name = names[(turn + round) % names.length];
      progress(`http2, round ${round + 1}: ${name}`);
      figures[name].push(await all[name]());
    }
  }
  await Promise.all([one.stop(), two.stop()]);
  show(figures);
  return [targetOf(figures)];
}

function show(figures) {
  const [first] = Object.keys(figures);
  printTable({
    title: `Closed loop over HTTP/2, CPU µs a round trip of the client (median of ${inWords(figures[first].length)})`,
    columns: ["", "CPU µs", "user", "system", `/ ${first}`, "trips/s", "core", "RSS MB"],
    rows: Object.entries(figures).map(([name, runs]) => [
      name,
      median(runs.map(totalUs)).toFixed(2),
      median(runs.map(({ userUs, roundTrips }) => userUs / roundTrips)).toFixed(2),
      median(runs.map(({ systemUs, roundTrips }) => systemUs / roundTrips)).toFixed(2),
      ratio(figures, name, first).toFixed(2),
      whole(median(runs.map(({ roundTrips, windowS }) => roundTrips / windowS))),
      percent(median(runs.map(({ userUs, systemUs, windowS }) => (userUs + systemUs) / 1e6 / windowS))),
      (median(runs.map(({ rssBytes }) => rssBytes)) / 1e6).toFixed(0),
    ]),
  });
}

function targetOf(figures) {
  const value = ratio(figures, "HTTP/2, 10 x 100", "HTTP/1.1, epoll");
  return {
    target: `HTTP/2, ${whole(webSockets)} WebSockets on 10 connections: CPU a round trip <= ${share} x HTTP/1.1's`,
    measured: `${value.toFixed(2)} x`,
    isMet: value <= share,
  };
}

function totalUs({ userUs, systemUs, roundTrips }) {
  return (userUs + systemUs) / roundTrips;
}

/** As cost.js has it. */
function ratio(figures, name, against) {
  return median(figures[name].map((run, round) => totalUs(run) / totalUs(figures[against][round])));
}
