/** Servers of node:tls with certificates of their own, and TLS connections of ours to them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "#wsrally/linux/socket-address.js";
import { connectSocket, openTcpSocket } from "#wsrally/linux/tcp-socket.js";
import { type TlsConnection, tlsOutcomes } from "#wsrally/linux/tls-connection.js";
import { TlsContext, type TlsSettings } from "#wsrally/linux/tls-context.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { until } from "./linux-only.js";
import { untilReady } from "./loopback.js";

const certificate = await makeRunCertificate({ kind: "ec", curve: "P-256" });
/** Signed nothing that these servers show. */
export const strangerCaPem = (await makeRunCertificate({ kind: "ec", curve: "P-256" })).caPem;

export interface TlsLoopback {
  readonly port: number;
  readonly accepted: readonly TLSSocket[];
  context(changes?: Partial<TlsSettings>): TlsContext;
  /**
   * A connection of ours over a new socket; it and the socket are ended with the server.
   * @param through the port to connect to, where it is a relay's
   */
  connection(context: TlsContext, serverName: string, through?: number): Promise<OurConnection>;
}

export interface OurConnection {
  readonly fd: number;
  readonly tls: TlsConnection;
}

/** Every server echoes. */
export async function withTlsServer(
  use: (loopback: TlsLoopback) => Promise<void>,
  options: TlsOptions = {},
): Promise<void> {
  const accepted: TLSSocket[] = [];
  const ours: OurConnection[] = [];
  const contexts: TlsContext[] = [];
  const server = createServer(
    {
      key: certificate.keyPem,
      cert: certificate.certificatePem,
      ALPNProtocols: ["http/1.1"],
      ...options,
    },
    (socket) => {
      accepted.push(socket);
      socket.on("error", () => socket.destroy());
      socket.pipe(socket);
    },
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const context = (changes: Partial<TlsSettings> = {}): TlsContext => {
    const made = new TlsContext({
      caPem: certificate.caPem,
      verify: true,
      resume: false,
      protocols: ["http/1.1"],
      ...changes,
    });
    contexts.push(made);
    return made;
  };
  const connection = async (over: TlsContext, serverName: string, through = port): Promise<OurConnection> => {
    const fd = await connectedTo(through);
    const made = { fd, tls: over.connection(fd, serverName) };
    ours.push(made);
    return made;
  };
  try {
    await use({ port, accepted, context, connection });
  } finally {
    for (const { fd, tls } of ours) {
      tls.free();
      closeDescriptor(fd);
    }
    for (const made of contexts) made.close();
    for (const socket of accepted) socket.destroy();
    server.close();
    await once(server, "close");
  }
}

/** A socket of ours, which the caller closes. */
export async function connectedTo(port: number): Promise<number> {
  const fd = openTcpSocket(addressFamilies.ipv4);
  connectSocket(fd, sockaddrOf("127.0.0.1", port));
  await untilReady(fd, epollEvents.writable);
  return fd;
}

/** Repeats a call until it is over, with the event loop going on in between. */
export async function settled(step: () => number): Promise<number> {
  let outcome = step();
  await until(() => {
    if (outcome === tlsOutcomes.wantRead || outcome === tlsOutcomes.wantWrite) outcome = step();
    return outcome !== tlsOutcomes.wantRead && outcome !== tlsOutcomes.wantWrite;
  });
  return outcome;
}

export async function handshaken(connection: Promise<OurConnection>): Promise<OurConnection> {
  const made = await connection;
  assert.equal(await settled(() => made.tls.handshake()), 0, JSON.stringify(made.tls.fault));
  return made;
}

/** Sends `text` and reads as many bytes back. */
export async function echo({ tls }: OurConnection, text: string): Promise<string> {
  const buffer = new PinnedBuffer(text.length);
  buffer.bytes.write(text, "latin1");
  let sent = 0;
  while (sent < text.length) sent += await settled(() => tls.write(buffer, sent, text.length));
  buffer.bytes.fill(0);
  let received = 0;
  while (received < text.length) {
    const count = await settled(() => tls.read(buffer, received));
    assert.ok(count > 0, `${count} ${JSON.stringify(tls.fault)}`);
    received += count;
  }
  return buffer.bytes.toString("latin1");
}

/** A port that answers every connection with these bytes and then does `end` to it. */
export async function withRawServer(
  answer: string,
  end: "end" | "resetAndDestroy",
  use: (port: number) => Promise<void>,
): Promise<void> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => {
      if (answer !== "") socket.write(answer);
      socket[end]();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await use((server.address() as AddressInfo).port);
  server.close();
  await once(server, "close");
}
