/** A server of bytes alone: takes the upgrade, sends what it is told to, and keeps all that comes back. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** What becomes of one connection once its upgrade has been answered. */
export type Serve = (connection: ServedConnection) => Promise<void> | void;

export class ServedConnection {
  readonly socket: Socket;
  /** All that came behind the request. */
  received = Buffer.alloc(0);
  hasEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("end", () => {
      this.hasEnded = true;
    });
    socket.on("close", () => {
      this.hasEnded = true;
    });
    socket.on("error", () => socket.destroy());
  }
}

export class CaseServer {
  /** What the next connection gets. */
  serve: Serve = () => undefined;
  /** The last one. */
  connection: ServedConnection | null = null;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#accept(socket));
  }

  static async start(): Promise<CaseServer> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CaseServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.connection?.socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    const connection = new ServedConnection(socket);
    this.connection = connection;
    let head = "";
    socket.on("data", (data) => {
      if (head.endsWith("\r\n\r\n")) {
        connection.received = Buffer.concat([connection.received, data]);
        return;
      }
      head += data.toString("latin1");
      if (!head.endsWith("\r\n\r\n")) return;
      socket.write(answerTo(head));
      void this.serve(connection);
    });
  }
}

function answerTo(head: string): string {
  const key = /^sec-websocket-key: (\S+)/im.exec(head)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}
