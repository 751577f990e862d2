/**
 * A client that shows exactly what came back: the answer's head and the start of its body, or how the connection
 * ended instead.
 */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { codeOf, messageOf } from "../base/errors.js";
import { plainWords } from "../base/plain-words.js";
import type { Secrets } from "../base/secrets.js";
import { acceptFor, createKey } from "../websocket/accept-key.js";
import { type HeaderField, listHolds, valuesOf } from "../websocket/header-fields.js";
import type { Answer } from "./answer.js";
import { AnswerReader } from "./answer-reader.js";
import type { ProbeTally } from "./probe-tally.js";
import { type EndHabits, quietHabits, WebSocketEnd } from "./websocket-end.js";

export interface ProbeTarget {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly hostHeader: string;
  readonly origin: string;
  /** Where the config has it listen; null for the scheme's own port. */
  readonly writtenAt: number | null;
  /** Name for SNI and the certificate; null for the host itself. */
  readonly serverName: string | null;
  /** The user's own, on every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a body that repeats it is not to show. */
  readonly secrets: Secrets;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly tally: ProbeTally;
}

export interface ClientExchange {
  /** The request as it was sent. */
  readonly sent: string;
  readonly answer: Answer;
  /** The WebSocket, when the answer is a 101 with the right accept key. */
  readonly end: WebSocketEnd | null;
  /** Null, or what is wrong with a 101. */
  readonly invalid: string | null;
}

const answerLimitMs = 5000;
/** For the rest of a body, which is only shown: some have no end that could be seen. */
const bodyLimitMs = 1000;
const tlsLimitMs = 2000;

/** Sends one request on a connection of its own. */
export async function exchange(
  target: ProbeTarget,
  sent: string,
  options: { readonly habits?: EndHabits; readonly timeoutMs?: number } = {},
): Promise<ClientExchange> {
  const { habits = quietHabits, timeoutMs = answerLimitMs } = options;
  const opened = await openSocket(target, { timeoutMs });
  if (!("socket" in opened)) return { sent, answer: opened, end: null, invalid: null };
  const { socket } = opened;
  const { answer: whole, rest } = await ask(socket, sent, timeoutMs);
  const answer = withoutSecrets(whole, target.secrets);
  if (answer.kind !== "answered" || answer.status !== 101) {
    socket.destroy();
    return { sent, answer, end: null, invalid: null };
  }
  const key = /^Sec-WebSocket-Key: (.*)$/m.exec(sent)?.[1]?.trim() ?? "";
  const invalid = invalidity(answer.fields, key);
  return {
    sent,
    answer,
    end: new WebSocketEnd(socket, { role: "client", habits, head: rest, tally: target.tally }),
    invalid,
  };
}

/** A body is there to be shown, cut to a line: what it repeats of the request goes while it is whole. */
function withoutSecrets(answer: Answer, secrets: Secrets): Answer {
  return answer.kind === "answered" ? { ...answer, bodyStart: secrets.hide(answer.bodyStart) } : answer;
}

/** What RFC 6455 (4.1) misses in a 101, or null. */
function invalidity(fields: readonly HeaderField[], key: string): string | null {
  const accept = valuesOf(fields, "Sec-WebSocket-Accept").join(", ");
  if (!listHolds(fields, "Upgrade", "websocket")) return "the 101 has no Upgrade: websocket";
  if (!listHolds(fields, "Connection", "upgrade")) return "the 101 has no Connection: Upgrade";
  if (accept === acceptFor(key)) return null;
  return `Sec-WebSocket-Accept is ${accept === "" ? "missing" : "another key's"}`;
}

type Opened =
  | { readonly socket: Socket }
  | Extract<Answer, { kind: "connect-failed" | "tls-failed" | "reset" }>;

interface SocketSettings {
  readonly timeoutMs: number;
  /** Protocols to offer over TLS, the first one first (RFC 7301); absent for none. */
  readonly alpn?: readonly string[];
  /** Whether a FIN of the other side leaves our own open. */
  readonly allowHalfOpen?: boolean;
}

/** A connection, TLS handshake included where the target speaks it. */
export function openSocket(
  { tls, host, port, caPem, insecure, serverName, tally }: ProbeTarget,
  { timeoutMs, alpn, allowHalfOpen = true }: SocketSettings,
): Promise<Opened> {
  return new Promise((resolve) => {
    let isConnected = false;
    const tcp = connectTcp({ host, port, noDelay: true, allowHalfOpen });
    tcp.setTimeout(timeoutMs, () => tcp.destroy(new Error("no answer in time")));
    const socket = tls
      ? connectTls({
          socket: tcp,
          ...(serverName !== null || isIP(host) === 0
            ? { servername: serverName ?? host }
            : { servername: "", host }),
          ...(caPem === null ? {} : { ca: caPem }),
          ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
          rejectUnauthorized: !insecure,
        })
      : tcp;
    tcp.once("connect", () => {
      isConnected = true;
      tally.connections++;
    });
    const fail = (error: Error): void => {
      const kind = isConnected ? "tls-failed" : "connect-failed";
      const code = codeOf(error) ?? "";
      socket.destroy();
      // Accepted, and cut so soon that the one is not told before the other.
      if (!isConnected && code === "ECONNRESET") resolve({ kind: "reset", words: code });
      else resolve({ kind, code, words: plainWords(messageOf(error)) });
    };
    tcp.once("error", fail);
    if (tls) socket.once("error", fail);
    socket.once(tls ? "secureConnect" : "connect", () => {
      tcp.setTimeout(0);
      // From here on whoever reads the socket says what went wrong; without a listener Node would crash.
      for (const one of [tcp, socket]) one.off("error", fail).on("error", () => undefined);
      resolve({ socket });
    });
  });
}

/** Whether a TLS handshake succeeds there, whatever the certificate. */
export async function speaksTls(target: ProbeTarget): Promise<boolean> {
  const opened = await openSocket({ ...target, tls: true, insecure: true }, { timeoutMs: tlsLimitMs });
  if (!("socket" in opened)) return false;
  opened.socket.destroy();
  return true;
}

function ask(socket: Socket, sent: string, timeoutMs: number): Promise<{ answer: Answer; rest: Buffer }> {
  return new Promise((resolve) => {
    const reader = new AnswerReader();
    let hasHead = false;
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      socket.off("data", onData).off("end", onEnd).off("error", onError);
      resolve({ answer, rest: reader.rest });
    };
    const onData = (data: Buffer): void => {
      const answer = reader.read(data);
      if (answer !== null) finish(answer);
      else if (reader.isInBody && !hasHead) {
        hasHead = true;
        clearTimeout(timer);
        timer = finishIn(Math.min(timeoutMs, bodyLimitMs));
      }
    };
    const onEnd = (): void => finish(reader.atEnd({ kind: "eof" }));
    const onError = (error: Error): void =>
      finish(reader.atEnd({ kind: "reset", words: codeOf(error) ?? messageOf(error) }));
    const finishIn = (ms: number): NodeJS.Timeout =>
      setTimeout(() => finish(reader.atEnd({ kind: "timeout" })), ms);
    let timer = finishIn(timeoutMs);
    socket.on("data", onData).on("end", onEnd).on("error", onError);
    socket.write(Buffer.from(sent, "latin1"));
  });
}

/** An upgrade request as a browser writes it; `null` leaves a header out. */
export function upgradeText(
  target: ProbeTarget,
  headers: Readonly<Record<string, string | null>> = {},
): string {
  const fields: Record<string, string | null> = {
    Host: target.hostHeader,
    Connection: "Upgrade",
    Upgrade: "websocket",
    Origin: target.origin,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": createKey(),
    ...headers,
  };
  const own = new Set(Object.keys(target.headers).map((name) => name.toLowerCase()));
  const others = Object.entries(fields).filter(([name]) => !own.has(name.toLowerCase()));
  return requestText(target.path, { ...Object.fromEntries(others), ...target.headers });
}

export function requestText(path: string, fields: Readonly<Record<string, string | null>>): string {
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
