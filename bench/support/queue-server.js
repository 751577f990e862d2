/**
 * A WebSocket server that is one queue: `node bench/support/queue-server.js SERVICE_US` answers every `ping` with
 * `pong`, one after the other, each SERVICE_US microseconds after it came or after the answer before it. Its capacity and
 * its latencies are known in advance: D/D/1 under evenly spaced messages, M/D/1 under Poisson arrivals. Service goes by
 * the clock, so that a busy machine does not make it slower unless it takes the processor away altogether. Prints its
 * port; ends with its parent.
 */
import { WebSocketServer } from "ws";

const serviceMs = Number(process.argv[2]) / 1000;
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
/** In the order of service. */
let waiting = [];
let lastMs = 0;
let isServing = false;

server.on("connection", (socket) => {
  socket.on("message", () => {
    lastMs = Math.max(performance.now(), lastMs) + serviceMs;
    waiting.push({ socket, dueMs: lastMs });
    if (isServing) return;
    isServing = true;
    setImmediate(serve);
  });
  socket.on("close", () => leave(socket));
  socket.on("error", () => leave(socket));
});

/** Whoever has gone waits no longer, so that one overload is not felt by the next trial. */
function leave(socket) {
  const stay = waiting.filter((item) => item.socket !== socket);
  if (stay.length === waiting.length) return;
  waiting = stay;
  lastMs = performance.now();
  for (const item of waiting) {
    lastMs += serviceMs;
    item.dueMs = lastMs;
  }
}

function serve() {
  const now = performance.now();
  while (waiting.length > 0 && waiting[0].dueMs <= now) waiting.shift().socket.send("pong");
  if (waiting.length === 0) {
    isServing = false;
    return;
  }
  // A timer is a millisecond late as a rule; the last of it is waited out in turns of the loop.
  const leftMs = waiting[0].dueMs - now;
  if (leftMs > 2) setTimeout(serve, leftMs - 1.5);
  else setImmediate(serve);
}

server.on("listening", () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
