/**
 * The streams that sockets carry over HTTP/2: each is asked on, and lives on, as a connection of its own.
 */
import { ServerSession } from "../http2/server-session.js";
import type { Stream } from "../http2/stream.js";
import { readStreamRequest } from "../http2/stream-request.js";
import { acceptFor } from "../websocket/accept-key.js";
import type { HeaderField } from "../websocket/header-fields.js";
import type { RequestAnswer } from "./answer-request.js";
import { Connection } from "./connection.js";
import type { Connections } from "./connections.js";
import type { Output } from "./output.js";
import type { Reception } from "./reception.js";

interface StreamsSettings {
  readonly connections: Connections;
  readonly output: Output;
  readonly reception: Reception;
  /** A socket's client has said what HTTP/2 begins with. */
  readonly begun: (socket: Connection) => void;
  /** An accepted WebSocket is open. */
  readonly opened: (connection: Connection) => void;
  readonly takeFrames: (connection: Connection, bytes: Buffer, start: number, end: number) => void;
  /** The peer has said its last. */
  readonly ended: (connection: Connection) => void;
  /** Both sides have said their last. */
  readonly released: (connection: Connection) => void;
  /** Lets everything follow from what was done with it. */
  readonly settle: (connection: Connection) => void;
}

export class Http2Streams {
  readonly #settings: StreamsSettings;
  /** The socket that is being read; null between reads. */
  #reading: Connection | null = null;
  /** Of that socket. */
  readonly #touched = new Set<Connection>();

  constructor(settings: StreamsSettings) {
    this.#settings = settings;
  }

  /** The socket's client speaks HTTP/2. */
  begin(socket: Connection): void {
    const touch = ({ owner }: Stream, run: (connection: Connection) => void): void => {
      const connection = this.#settings.connections.at(owner);
      if (connection === undefined) return;
      run(connection);
      // Who sends on it while another socket is read, or none, lets the rest follow itself.
      if (this.#reading === socket) this.#touched.add(connection);
    };
    const session = new ServerSession(socket.number, this.#settings.output.outletOf(socket), {
      settled: () => this.#settings.begun(socket),
      requested: (stream, fields) => this.#requested(socket, { session, stream }, fields),
      data: (stream, bytes, start, end) =>
        touch(stream, (connection) => {
          if (connection.phase === "open") this.#settings.takeFrames(connection, bytes, start, end);
        }),
      drained: (stream) => touch(stream, () => undefined),
      ended: (stream) => touch(stream, this.#settings.ended),
      reset: (stream) =>
        touch(stream, (connection) => {
          connection.isBroken = true;
        }),
      // What is open goes on, and nothing is asked of the client.
      goaway: () => undefined,
      vacated: (stream) => {
        const connection = this.#settings.connections.at(stream?.owner ?? -1);
        if (connection?.phase === "lingering") this.#settings.released(connection);
      },
      broken: () => {
        for (const connection of this.of(socket)) {
          connection.isBroken = true;
          this.#touched.add(connection);
        }
        socket.phase = "ending";
      },
    });
    socket.session = session;
    socket.phase = "carrying";
  }

  /** Takes the bytes [start, end) that came on the socket. */
  read(socket: Connection, bytes: Buffer, start: number, end: number): void {
    this.#reading = socket;
    socket.session?.read(bytes, start, end);
    this.#reading = null;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const connection of touched) this.#settings.settle(connection);
  }

  /** Those that the socket carries now. */
  of({ session }: Connection): Connection[] {
    return [...(session?.streams.values() ?? [])].flatMap(
      ({ owner }) => this.#settings.connections.at(owner) ?? [],
    );
  }

  #requested(
    by: Connection,
    { session, stream }: { readonly session: ServerSession; readonly stream: Stream },
    fields: readonly HeaderField[],
  ): void {
    const asked = readStreamRequest(fields);
    if (asked === null) {
      session.reset(stream, "PROTOCOL_ERROR");
      return;
    }
    const { connections, reception, opened, ended } = this.#settings;
    const connection = connections.addStream((number) =>
      Connection.ofStream(number, { by, session, stream }),
    );
    stream.owner = connection.number;
    this.#touched.add(connection);
    const answer = reception.receive(connection, asked);
    session.answer(stream, fieldsOf(answer, keyOf(fields)));
    if (answer.kind === "accepted") opened(connection);
    else if (!answer.isHeadOnly) session.queueData(stream, Buffer.from(answer.body));
    if (stream.isEnded) ended(connection);
  }
}

/** RFC 8441 has no use for one; Envoy passes its HTTP/1.1 client's on, and leaves the proof to this server. */
function keyOf(fields: readonly HeaderField[]): string | null {
  return fields.find(({ name }) => name === "sec-websocket-key")?.value ?? null;
}

function fieldsOf(answer: RequestAnswer, key: string | null): HeaderField[] {
  if (answer.kind === "accepted") {
    const { subprotocol } = answer;
    return [
      { name: ":status", value: "200" },
      ...(key === null ? [] : [{ name: "sec-websocket-accept", value: acceptFor(key) }]),
      ...(subprotocol === null ? [] : [{ name: "sec-websocket-protocol", value: subprotocol }]),
    ];
  }
  const { status, contentType, body } = answer;
  return [
    { name: ":status", value: String(status) },
    { name: "content-type", value: contentType },
    { name: "content-length", value: String(Buffer.byteLength(body)) },
  ];
}
