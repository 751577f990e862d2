/**
 * Servers that each break one thing, on a port of their own.
 */
import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

export type Fault =
  | "none"
  | "answers-200"
  | "mute-handshake"
  | "ends-before-upgrade"
  | "wrong-accept"
  | "masked-frames"
  | "ends-after-answer"
  | "resets-after-answer"
  | "closes-1011"
  | "never-answers"
  | "never-reads"
  | "answers-twice"
  | "answers-wrong"
  | "answers-not-utf8"
  | "closes-1011-and-resets"
  | "announces-1-gb"
  | "floods-empty-frames"
  | "floods-pings"
  | "says-random-bytes"
  | "says-1-gb"
  | "closes-with-latin1"
  | "answers-endless-head"
  | "trickles-head"
  | "answers-long-head";

export interface FaultyServer {
  readonly port: number;
  close(): Promise<void>;
}

/** @param tls what it shows; left out: it speaks TCP as it is */
export async function startFaultyServer(fault: Fault, tls?: TlsOptions): Promise<FaultyServer> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, fault);
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function serve(socket: Socket, fault: Fault): void {
  let upgraded = false;
  socket.on("data", (data) => {
    if (!upgraded) {
      upgraded = true;
      answerHandshake(socket, data.toString("latin1"), fault);
      if (fault === "never-reads") socket.pause();
    } else if ((data[0] as number) === 0x88) socket.end(Buffer.from([0x88, 0]));
    else answerMessage(socket, fault);
  });
}

function answerHandshake(socket: Socket, request: string, fault: Fault): void {
  if (fault === "mute-handshake") return;
  if (fault === "ends-before-upgrade") return void socket.end();
  if (fault === "answers-endless-head") return void endlessHead(socket);
  if (fault === "trickles-head") return void trickle(socket);
  if (fault === "answers-long-head")
    return void socket.write(`HTTP/1.1 101 Switching Protocols\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
  if (fault === "answers-200") return void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? "";
  const accept = createHash("sha1")
    .update(`${key}${fault === "wrong-accept" ? "x" : ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const unasked = unaskedOf(fault);
  if (unasked !== null) socket.write(unasked);
}

function endlessHead(socket: Socket): void {
  const field = Buffer.from("X-Header: of many\r\n".repeat(1000));
  socket.write("HTTP/1.1 101 Switching Protocols\r\n");
  const more = (): void => {
    while (socket.writable && socket.write(field));
  };
  socket.on("drain", more);
  more();
}

/** A byte now and then, so that the connection is never idle. */
function trickle(socket: Socket): void {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nX: ");
  const timer = setInterval(() => socket.write("x"), 20);
  socket.on("close", () => clearInterval(timer));
}

/** What is sent right behind the 101; null for nothing. */
function unaskedOf(fault: Fault): Buffer | null {
  switch (fault) {
    case "floods-empty-frames":
      return Buffer.alloc(2_000_000, Buffer.from([0x81, 0]));
    case "floods-pings":
      return Buffer.alloc(300_000, Buffer.from([0x89, 0]));
    case "says-random-bytes":
      return createHash("sha512").update("random").digest();
    case "says-1-gb":
      return gigabyte;
    case "closes-with-latin1":
      return Buffer.from([0x88, 4, 0x03, 0xe8, 0xfc, 0xfc]);
    default:
      return null;
  }
}

const closeFrame = Buffer.from([0x88, 5, 0x03, 0xf3, ...Buffer.from("why")]);
const gigabyte = Buffer.from([0x82, 127, 0, 0, 0, 0, 0x40, 0, 0, 0]);
const pong = Buffer.from([0x81, 4, ...Buffer.from("pong")]);

function answerMessage(socket: Socket, fault: Fault): void {
  switch (fault) {
    case "never-answers":
      return;
    case "answers-twice":
      socket.write(Buffer.concat([pong, pong]));
      return;
    case "answers-wrong":
      socket.write(Buffer.from([0x81, 3, ...Buffer.from("no!")]));
      return;
    case "answers-not-utf8":
      socket.write(Buffer.from([0x81, 4, 0x70, 0x6f, 0xff, 0x67]));
      return;
    case "announces-1-gb":
      socket.write(gigabyte);
      return;
    case "closes-1011-and-resets":
      socket.write(closeFrame, () => setImmediate(() => socket.resetAndDestroy()));
      return;
    case "masked-frames":
      socket.write(Buffer.from([0x81, 0x84, 0, 0, 0, 0, ...Buffer.from("pong")]));
      return;
    case "closes-1011":
      socket.write(closeFrame);
      return;
    case "ends-after-answer":
      socket.end(pong);
      return;
    case "resets-after-answer":
      socket.write(pong, () => setImmediate(() => socket.resetAndDestroy()));
      return;
    default:
      socket.write(pong);
  }
}
