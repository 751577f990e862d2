/**
 * The WebSocket messages of a HAR file, as browsers save it: Chromium and those that follow it keep them in
 * `_webSocketMessages` of a request's entry. Their contents are measured and forgotten.
 */
import { deflateRawSync } from "node:zlib";
import { messageOf, UsageError } from "../../base/errors.js";
import { readSmallFile } from "../../base/read-small-file.js";
import type { RecordedTraffic, Session, Turn } from "./session.js";

const mostBytes = 512 * 1024 ** 2;
const mostMessageBytes = 1_048_576;
/** Of each direction, so much is compressed to tell how much that saves. */
const sampleBytes = 4 * 1024 ** 2;
/** From one start to the next, of a session with a single message. */
const loneCycleMs = 1000;
/** Since 1970, browsers write seconds and Playwright milliseconds: as seconds this is the year 5138, as milliseconds 1973. */
const mostSeconds = 1e11;
const text = 1;
const binary = 2;

interface Message {
  readonly atMs: number;
  readonly isUp: boolean;
  readonly isBinary: boolean;
  readonly content: Buffer;
}

const read = new Map<string, RecordedTraffic>();

/** A file that cannot be replayed, and why: for who names it himself. */
export class HarFault extends UsageError {
  readonly why: string;

  constructor(file: string, why: string) {
    super(`Cannot replay ${file}: ${why}`);
    this.why = why;
  }
}

/** Each file is read once. @throws HarFault where it cannot be read, or has no message of a client */
export function readHar(file: string): RecordedTraffic {
  const known = read.get(file);
  if (known !== undefined) return known;
  const recorded = messagesOf(parse(file)).filter((messages) => messages.some(({ isUp }) => isUp));
  if (recorded.length === 0)
    throw new HarFault(
      file,
      "it has no WebSocket message of a client; want a HAR that was saved with the page's WebSockets open",
    );
  const all = recorded.flat();
  const traffic: RecordedTraffic = {
    sessions: recorded.map(toSession),
    savedPercent: {
      up: savedPercent(all.filter(({ isUp }) => isUp)),
      down: savedPercent(all.filter(({ isUp }) => !isUp)),
    },
  };
  read.set(file, traffic);
  return traffic;
}

function parse(file: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readSmallFile(file, mostBytes);
  } catch (thrown) {
    throw new HarFault(file, messageOf(thrown));
  }
  try {
    return JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch {
    throw new HarFault(file, "it is no JSON; want a HAR file, as a browser's network panel saves it");
  }
}

/** By session, in order. */
function messagesOf(har: unknown): Message[][] {
  const entries = listAt(recordAt(har, "log"), "entries");
  return entries.map((entry) =>
    listAt(entry, "_webSocketMessages").flatMap((message) => toMessage(message) ?? []),
  );
}

/** @returns null for a control frame, and for what is no message at all */
function toMessage(given: unknown): Message | null {
  const { type, time, opcode, data } = given as Readonly<Record<string, unknown>>;
  if (typeof time !== "number" || typeof data !== "string") return null;
  if ((type !== "send" && type !== "receive") || (opcode !== text && opcode !== binary)) return null;
  const content = Buffer.from(data, opcode === text ? "utf8" : "base64");
  if (content.length > mostMessageBytes) return null;
  return {
    atMs: time > mostSeconds ? time : time * 1000,
    isUp: type === "send",
    isBinary: opcode === binary,
    content,
  };
}

function toSession(messages: readonly Message[]): Session {
  const startMs = messages[0]?.atMs ?? 0;
  const lastMs = Math.max(0, (messages.at(-1)?.atMs ?? 0) - startMs);
  const cycleMs = messages.length === 1 ? loneCycleMs : Math.max(1, lastMs + lastMs / (messages.length - 1));
  const turns: (Turn & { downs: Turn["downs"][number][] })[] = [];
  const early: Message[] = [];
  for (const message of messages) {
    const { isUp, isBinary, content } = message;
    const atMs = Math.max(turns.at(-1)?.atMs ?? 0, message.atMs - startMs);
    const last = turns.at(-1);
    if (isUp) turns.push({ atMs, isBinary, bytes: content.length, downs: [] });
    else if (last === undefined) early.push(message);
    else last.downs.push({ afterMs: atMs - last.atMs, isBinary, bytes: content.length });
  }
  // What the server said before the client comes behind the last turn of the round before.
  const last = turns.at(-1);
  for (const { atMs, isBinary, content } of early) {
    const afterMs = cycleMs - (last?.atMs ?? 0) + atMs - startMs;
    last?.downs.push({ afterMs, isBinary, bytes: content.length });
  }
  return { cycleMs, turns };
}

function savedPercent(messages: readonly Message[]): number {
  const all = Buffer.concat(messages.map(({ content }) => content)).subarray(0, sampleBytes);
  if (all.length === 0) return 0;
  return Math.min(99, Math.max(0, Math.round(100 * (1 - deflateRawSync(all).length / all.length))));
}

function recordAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function listAt(value: unknown, key: string): object[] {
  const list = recordAt(value, key);
  return Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];
}
