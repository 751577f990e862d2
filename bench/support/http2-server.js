/**
 * Node's own HTTP/2 as a server of WebSockets (RFC 8441) that answers every `ping` of wsrally's by `pong`, as many at once
 * as came at once; prints its port. It knows no other message.
 */
import { createServer } from "node:http2";

/** A masked text of four bytes, and an unmasked one. */
const pingBytes = 10;
const pong = Buffer.from("8104706f6e67", "hex");
const pongs = Buffer.concat(Array(1000).fill(pong));

const settings = { enableConnectProtocol: true, maxConcurrentStreams: 1000 };
const server = createServer({ settings });
server.on("session", (session) => session.on("error", () => undefined));
server.on("stream", (stream) => {
  let pending = 0;
  stream.on("error", () => undefined);
  stream.respond({ ":status": 200 });
  stream.on("data", (bytes) => {
    pending += bytes.length;
    const count = Math.floor(pending / pingBytes);
    pending -= count * pingBytes;
    if (count > 0) stream.write(pongs.subarray(0, count * pong.length));
  });
  stream.on("end", () => stream.end());
});
server.listen(0, "127.0.0.1", () =>
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`),
);
