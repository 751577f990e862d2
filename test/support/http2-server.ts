/** Node's own HTTP/2 as a server of WebSockets (RFC 8441): it echoes, but for `ping`, which it answers by `pong`. */
import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { buildClosePayload } from "#wsrally/websocket/close-payload.js";
import { FrameDecoder } from "#wsrally/websocket/frame-decoder.js";
import { FrameEncoder, frameLength } from "#wsrally/websocket/frame-encoder.js";
import { type Opcode, opcodes } from "#wsrally/websocket/opcode.js";

interface Http2ServerOptions {
  readonly settings?: Settings;
  /** PEM; without them it speaks h2c. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** In place of the echo. */
  readonly serve?: (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>) => void;
}

export interface WebSocketHttp2Server {
  readonly port: number;
  readonly sessions: readonly ServerHttp2Session[];
  /** Of every request, in order. */
  readonly requests: readonly Readonly<Record<string, unknown>>[];
  /** Messages received and answered. */
  readonly counts: { messages: number; closed: number };
  close(): Promise<void>;
}

export async function startHttp2Server(options: Http2ServerOptions = {}): Promise<WebSocketHttp2Server> {
  const settings = { enableConnectProtocol: true, maxConcurrentStreams: 1000, ...options.settings };
  const server = createNodeServer(options.tls, settings);
  const sessions: ServerHttp2Session[] = [];
  const requests: Record<string, unknown>[] = [];
  const counts = { messages: 0, closed: 0 };
  const echoes = new Echoes(counts);
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => undefined);
  });
  server.on("stream", (stream, headers) => {
    requests.push(headers);
    stream.on("error", () => undefined);
    if (options.serve === undefined) echoes.serve(stream);
    else options.serve(stream, headers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sessions,
    requests,
    counts,
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function createNodeServer(tls: Http2ServerOptions["tls"], settings: Settings): Http2Server {
  return tls === undefined ? createServer({ settings }) : createSecureServer({ ...tls, settings });
}

/** WebSockets by number, as a decoder has them. */
class Echoes {
  readonly #streams: ServerHttp2Stream[] = [];
  readonly #counts: { messages: number; closed: number };
  readonly #decoder: FrameDecoder;

  constructor(counts: { messages: number; closed: number }) {
    this.#counts = counts;
    this.#decoder = new FrameDecoder({
      sender: "client",
      messageBytesMax: 16 * 1024 * 1024,
      textCheck: "utf8",
      sink: {
        message: (number, bytes, start, end, isBinary) => {
          counts.messages++;
          const payload = Buffer.from(bytes.subarray(start, end));
          const answer = !isBinary && payload.equals(Buffer.from("ping")) ? Buffer.from("pong") : payload;
          this.#send(number, isBinary ? opcodes.binary : opcodes.text, answer);
        },
        ping: (number, bytes, start, end) =>
          this.#send(number, opcodes.pong, Buffer.from(bytes.subarray(start, end))),
        pong: () => undefined,
        close: (number, code) => {
          this.#counts.closed++;
          this.#send(number, opcodes.close, buildClosePayload(code));
          this.#streams[number]?.end();
        },
      },
    });
  }

  serve(stream: ServerHttp2Stream): void {
    const number = this.#streams.push(stream) - 1;
    stream.respond({ ":status": 200 });
    stream.on("data", (bytes: Buffer) => {
      this.#decoder.read(number, bytes, 0, bytes.length);
    });
    stream.on("end", () => stream.end());
  }

  #send(number: number, opcode: Opcode, payload: Buffer): void {
    const frame = Buffer.allocUnsafe(frameLength("server", payload.length));
    new FrameEncoder("server", frame).write(0, opcode, payload);
    this.#streams[number]?.write(frame);
  }
}
