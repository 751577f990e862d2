/**
 * The backend's end of an HTTP/2 connection, by Node's own: what is asked on a stream is told as any request is, and
 * answered as its manners are (RFC 8441).
 */
import { type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { acceptFor } from "../websocket/accept-key.js";
import { type HeaderField, valuesOf } from "../websocket/header-fields.js";
import { carriesToken } from "../websocket/run-token.js";
import type { ReceivedRequest } from "../websocket/upgrade-request-reader.js";
import type { BackendExchange, BackendManners } from "./backend-exchange.js";
import { WebSocketEnd } from "./websocket-end.js";

interface H2Asked {
  readonly stream: ServerHttp2Stream;
  readonly request: ReceivedRequest;
  readonly isWebSocket: boolean;
}

interface H2Events {
  asked(asked: H2Asked): void;
  /** The connection is over, and nothing was asked on it that HTTP/2 allows: a proxy may send Upgrade in it. */
  unasked(): void;
}

/** @param first bytes of the connection that were read already */
export function serveH2(socket: Socket, first: Buffer, { asked, unasked }: H2Events): void {
  socket.pause();
  socket.unshift(first);
  const session = performServerHandshake(socket, { settings: { enableConnectProtocol: true } });
  let count = 0;
  session.on("error", () => socket.destroy());
  session.on("close", () => {
    if (count === 0) unasked();
  });
  session.on("stream", (stream, headers) => {
    count++;
    stream.on("error", () => undefined);
    asked({ stream, request: requestOf(headers), isWebSocket: headers[":protocol"] === "websocket" });
  });
}

/** Answers it. @returns null for a request without the token that is asked for */
export function receiveH2(
  asked: H2Asked,
  manners: BackendManners,
  token: string | null,
): Omit<BackendExchange, "tls" | "socket"> | null {
  const { stream, request, isWebSocket } = asked;
  if (token !== null && !carriesToken(request, token)) {
    stream.respond({ ":status": isWebSocket ? 503 : 200 }, { endStream: true });
    return null;
  }
  const rawHead = request.raw.toString("latin1");
  return { kind: isWebSocket ? "upgrade" : "plain", request, rawHead, end: answerH2(asked, manners) };
}

/** @returns the WebSocket, where it was accepted */
function answerH2({ stream, request, isWebSocket }: H2Asked, manners: BackendManners): WebSocketEnd | null {
  const isHere = manners.onlyPath === null || request.path === manners.onlyPath;
  if (manners.refusesWith !== null || !isWebSocket || !isHere) {
    const status = manners.refusesWith ?? (!isWebSocket && request.path === "/" ? 200 : 404);
    stream.respond({ ":status": status, "content-type": "text/plain" });
    stream.end(`${status}\n`);
    return null;
  }
  const [offer = ""] = valuesOf(request.fields, "Sec-WebSocket-Protocol");
  const [first = ""] = offer.split(",");
  const [key] = valuesOf(request.fields, "Sec-WebSocket-Key");
  stream.respond({
    ":status": 200,
    ...(manners.takesSubprotocol && first !== "" ? { "sec-websocket-protocol": first.trim() } : {}),
    // For a proxy that passes its client's on, and leaves the proof to its server.
    ...(key === undefined ? {} : { "sec-websocket-accept": acceptFor(key) }),
    ...Object.fromEntries(manners.fields.map(({ name, value }) => [name.toLowerCase(), value])),
  });
  return new WebSocketEnd(stream, { role: "server", habits: manners.habits, head: Buffer.alloc(0) });
}

function requestOf(headers: IncomingHttpHeaders): ReceivedRequest {
  const fields = Object.entries(headers).flatMap(([name, value]): HeaderField[] =>
    [value ?? []].flat().map((one) => ({ name: name === ":authority" ? "host" : name, value: one })),
  );
  const { ":method": method = "", ":path": target = "" } = headers;
  const shown = fields.filter(({ name }) => !name.startsWith(":"));
  const lines = [`${method} ${target} HTTP/2`, ...shown.map(({ name, value }) => `${name}: ${value}`)];
  const raw = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  return {
    method: String(method),
    target: String(target),
    path: String(target).split("?", 1)[0] ?? "",
    httpVersion: "2",
    fields: shown,
    raw,
  };
}
