/**
 * The pong server on Node's own loop and the `ws` package: serves on every platform, and knows permessage-deflate.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { codeOf } from "../base/errors.js";
import type { RecordedTraffic } from "../scenario/replay/session.js";
import { carriesToken } from "../websocket/run-token.js";
import { answerPings, closeCodeOfWsError, wsFragmentsMax } from "../websocket/ws-limits.js";
import { type Control, createControl, noControl } from "./control.js";
import type { EndingTally } from "./ending-tally.js";
import { healthyAnswer, plainAnswer } from "./plain-answer.js";
import {
  listenBacklog,
  messageBytesMax,
  type PongServer,
  type PongServerOptions,
  portsOf,
  unsentBytesMax,
} from "./pong-server.js";
import { usualAnswer } from "./usual-answer.js";
import { WsReplay } from "./ws-replay.js";
import { WsTally } from "./ws-tally.js";

/** @throws the system's error (`EADDRINUSE`, `EACCES` …) when the address cannot be listened on */
export async function startWsPongServer(options: PongServerOptions): Promise<PongServer> {
  const { token = null } = options;
  const tally = new WsTally();
  const others = token === null ? null : new WsTally();
  const websockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: options.deflate,
    maxPayload: messageBytesMax,
    maxFragments: wsFragmentsMax(messageBytesMax),
  });
  const control = token === null ? noControl : createControl(() => server);
  const served: Served = { options, tally, others, control, websockets };
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    for (const websocket of websockets.clients) websocket.terminate();
    await Promise.all(servers.map(closeServer));
  };
  try {
    for (const port of portsOf(options)) servers.push(await listen(createHttp(served), options.host, port));
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  const server: PongServer = {
    engine: "ws",
    host: options.host,
    port: ports[0] as number,
    ports,
    counts: () => ({
      ...tally.counts(),
      ...(others === null ? {} : { others: others.asOthers() }),
    }),
    resetCounts() {
      tally.reset();
      others?.reset();
    },
    answerTimes: () => null,
    loop: () => null,
    close,
  };
  return server;
}

/** What all ports of a server share. */
interface Served {
  readonly options: PongServerOptions;
  readonly tally: WsTally;
  /** Of those without the token; null where nobody is asked for one. */
  readonly others: WsTally | null;
  readonly control: Control;
  readonly websockets: WebSocketServer;
}

function createHttp(served: Served): Server {
  const { options, tally, others, control } = served;
  const http = createServer((request, response) => {
    const asked = pathOf(request.url);
    const isOurs = isTokenBearer(request, served);
    const told = isOurs ? control(asked) : null;
    if (told !== null) {
      response.writeHead(200, { "Content-Type": "application/json", Connection: "close" }).end(told);
      return;
    }
    const answer = isOurs || asked === "/" ? plainAnswer(asked, options.path) : healthyAnswer;
    const { status, contentType, body } = answer;
    (isOurs ? tally : (others ?? tally)).page(status);
    const upgrade = status === 426 ? { Upgrade: "websocket", Connection: "Upgrade" } : {};
    response.writeHead(status, { ...upgrade, "Content-Type": contentType }).end(body);
  });
  http.on("upgrade", (request, socket, head) => upgrade(request, socket, head, served));
  http.on("connection", () => tally.accepted());
  return http;
}

function isTokenBearer({ rawHeaders, url }: IncomingMessage, { options: { token = null } }: Served): boolean {
  if (token === null) return true;
  const fields = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [{ name, value: rawHeaders[index + 1] ?? "" }] : [],
  );
  return carriesToken({ fields, target: url ?? "" }, token);
}

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, served: Served): void {
  const { options, websockets } = served;
  const tally = isTokenBearer(request, served) ? served.tally : (served.others ?? served.tally);
  let isReset = false;
  socket.on("error", () => {
    isReset = true;
    socket.destroy();
  });
  if (options.path !== null && pathOf(request.url) !== options.path) {
    tally.refused(404);
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  let isUpgraded = false;
  websockets.handleUpgrade(request, socket, head, (websocket) => {
    isUpgraded = true;
    tally.upgraded();
    const endAfterAnswer = options.once ? () => void socket.end() : null;
    serve(websocket, { endAfterAnswer, isReset: () => isReset, replay: options.replay ?? null }, tally);
  });
  // What is wrong with a request ws has answered by itself (abortHandshake in its websocket-server.js).
  if (!isUpgraded) tally.refused(request.method === "GET" ? 400 : 405);
}

function serve(websocket: WebSocket, { endAfterAnswer, isReset, replay }: Stream, tally: WsTally): void {
  let isCounted = false;
  const countEnd = (count: (endings: EndingTally) => void): void => {
    if (!isCounted) count(tally.endings);
    isCounted = true;
  };
  const sent = (): void => {
    if (websocket.isPaused && websocket.bufferedAmount <= unsentBytesMax / 2) websocket.resume();
  };
  answerPings(websocket, false);
  const replays = replay === null ? null : new WsReplay(websocket, replay, tally);
  websocket.on("message", (data: RawData, isBinary: boolean) => {
    const message = data as Buffer;
    if (replays?.takes(message)) return;
    const answer = usualAnswer(message, 0, message.length, isBinary) ?? message;
    tally.answered(message.length, answer.length);
    websocket.send(answer, { binary: isBinary }, sent);
    // Who sends and does not read is not read either, until what waits for him has gone.
    if (websocket.bufferedAmount > unsentBytesMax) websocket.pause();
    if (endAfterAnswer === null) return;
    countEnd((endings) => endings.ownEof());
    endAfterAnswer();
  });
  // A client that breaks the protocol or resets ends its own connection; ws has already closed it.
  websocket.on("error", (error) => {
    countEnd((endings) => endings.faultClose(closeCodeOfWsError(codeOf(error)) ?? 1002));
    websocket.terminate();
  });
  websocket.on("close", (code) => {
    tally.closed();
    // 1006 never travels: there was no close frame (RFC 6455, 7.1.5).
    if (code !== 1006) countEnd((endings) => endings.peerClose(code));
    else countEnd((endings) => (isReset() ? endings.peerReset() : endings.peerEof()));
  });
}

/** The TCP stream under a WebSocket. */
interface Stream {
  /** Null for a connection that is kept. */
  readonly endAfterAnswer: (() => void) | null;
  /** Whether it has broken. */
  readonly isReset: () => boolean;
  /** Null: no session is gone through. */
  readonly replay: RecordedTraffic | null;
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: listenBacklog }, () => resolve(server));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

function pathOf(target: string | undefined): string {
  return target?.split("?", 1)[0] ?? "";
}
