/**
 * `node:http2` as a closed loop's client, to compare with: WebSockets on streams, each of which sends its next ping when
 * the pong is there. `node bench/support/http2-client.js JOB`; prints one line of JSON as generator.js does.
 */
import { once } from "node:events";
import { connect } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";

const { port, connections, streams, warmupMs, windowMs } = JSON.parse(process.argv[2]);
const pongBytes = 6;
const ping = Buffer.from("81840000000070696e67", "hex");
const lookEveryMs = 20;

let roundTrips = 0;
const open = [];
for (let begun = 0; begun < connections; begun += streams) {
  const session = connect(`http://127.0.0.1:${port}`);
  await once(session, "remoteSettings");
  for (let i = begun; i < Math.min(begun + streams, connections); i++) {
    const stream = session.request({ ":method": "CONNECT", ":protocol": "websocket", ":path": "/sock" });
    open.push(once(stream, "response").then(() => stream));
  }
}
for (const stream of await Promise.all(open)) {
  stream.on("data", (bytes) => {
    for (let at = 0; at < bytes.length; at += pongBytes) {
      roundTrips++;
      stream.write(ping);
    }
  });
  stream.write(ping);
}

const first = await usageAfter(usage(), warmupMs);
const last = await usageAfter(first, windowMs);
const figures = {
  roundTrips: last.roundTrips - first.roundTrips,
  userUs: last.user - first.user,
  systemUs: last.system - first.system,
  windowS: (last.atMs - first.atMs) / 1000,
  rssBytes: process.memoryUsage.rss(),
};
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());

function usage() {
  return { ...process.cpuUsage(), atMs: performance.now(), roundTrips };
}

async function usageAfter(before, cpuMs) {
  for (;;) {
    await sleep(lookEveryMs);
    const now = usage();
    if (now.user + now.system - before.user - before.system >= cpuMs * 1000) return now;
  }
}
