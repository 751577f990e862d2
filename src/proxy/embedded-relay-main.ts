/**
 * The `embedded` proxy's own process: relays every TCP connection to the backend, byte for byte. The parent holds the
 * other end of its IPC channel; when that closes, for whatever reason, this process ends.
 */
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    "backend-host": { type: "string" },
    "backend-port": { type: "string" },
    host: { type: "string", default: "127.0.0.1" },
    "spin-us": { type: "string", default: "0" },
    "stall-ms": { type: "string", default: "0" },
    "leak-bytes": { type: "string", default: "0" },
    "leak-connection-bytes": { type: "string", default: "0" },
    backlog: { type: "string", default: "511" },
  },
});

const backend = { host: values["backend-host"] ?? "127.0.0.1", port: Number(values["backend-port"]) };

const spinMs = Number(values["spin-us"]) / 1000;
const stallMs = Number(values["stall-ms"]);

/** Burns a known time, by the clock: an injected slowdown. */
function burn(lengthMs: number): void {
  const end = performance.now() + lengthMs;
  while (performance.now() < end);
}

/** Nothing is relayed meanwhile. */
if (stallMs > 0) setInterval(() => burn(stallMs), 1000);

const leakBytes = Number(values["leak-bytes"]);
const leakConnectionBytes = Number(values["leak-connection-bytes"]);
const leaked: Buffer[] = [];

/** Keeps so many bytes for good: written to, or the kernel would give no page for them. */
function leak(bytes: number): void {
  leaked.push(Buffer.alloc(bytes, 1));
}

function relay(client: Socket): void {
  if (leakConnectionBytes > 0) leak(leakConnectionBytes);
  if (leakBytes > 0) client.on("data", () => leak(leakBytes));

  const server = createConnection({ ...backend, noDelay: true, allowHalfOpen: true });
  // Before the pipe, whose own listener then passes on what was read.
  if (spinMs > 0) client.on("data", () => burn(spinMs));
  client.pipe(server);
  server.pipe(client);
  // A reset on one side is passed on as a reset: the other end must not take it for an orderly close.
  const bindFate = (one: Socket, other: Socket): void => {
    one.on("error", () => other.resetAndDestroy());
    one.on("close", () => other.destroySoon());
  };
  bindFate(client, server);
  bindFate(server, client);
}

const listener = createServer({ noDelay: true, allowHalfOpen: true }, relay);
listener.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
listener.listen({ port: 0, host: values.host, backlog: Number(values.backlog) }, () => {
  process.send?.({ port: (listener.address() as AddressInfo).port });
});
process.on("disconnect", () => process.exit(0));
