/**
 * WebSockets over HTTP/2 that are open while the proxy is reloaded, beside those over HTTP/1.1: whether they live on, and
 * whether the connection is told that no further ones may be opened on it (GOAWAY).
 */
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { opcodes } from "../../websocket/opcode.js";
import { type H2Connection, openH2 } from "../h2-client.js";
import type { ProbeContext } from "../probe-context.js";
import type { WebSocketEnd } from "../websocket-end.js";
import { unannouncedWords } from "./check-h2.js";
import { endWords } from "./check-messages.js";
import { explained } from "./explained-fault.js";

const id = "h2-websocket-reload";
const webSockets = 3;

export interface H2AtReload {
  /** Sends on each of them, as a client under traffic does. */
  beat(): void;
  /** @param startMs when the reload was asked for; `h1Lost`: of those over HTTP/1.1, which ended */
  judge(context: ProbeContext, startMs: number, h1Lost: number): Finding;
  close(): void;
}

/** Opens them. Where none can be opened, the finding says so and all else does nothing. */
export async function openH2AtReload(context: ProbeContext): Promise<H2AtReload> {
  const opened = await openH2(context.target);
  if ("words" in opened) return without("the proxy speaks no HTTP/2 here");
  const { connection } = opened;
  const asked = connection.isAnnounced
    ? await Promise.all(Array.from({ length: webSockets }, () => connection.webSocket()))
    : [];
  const ends = asked.flatMap(({ end }) => (end === null ? [] : [end]));
  if (ends.length < webSockets) {
    connection.destroy();
    return without(connection.isAnnounced ? "see h2-websocket-refused" : unannouncedWords);
  }
  return {
    beat: () => {
      for (const end of ends) end.send(opcodes.text, "still there?");
    },
    judge: (seenBy, startMs, h1Lost) => judge(seenBy, { connection, ends, startMs, h1Lost }),
    close: () => connection.destroy(),
  };
}

function without(why: string): H2AtReload {
  return { beat: () => undefined, judge: () => notTested(id, why), close: () => undefined };
}

interface Watched {
  readonly connection: H2Connection;
  readonly ends: readonly WebSocketEnd[];
  readonly startMs: number;
  readonly h1Lost: number;
}

function judge(context: ProbeContext, { connection, ends, startMs, h1Lost }: Watched): Finding {
  const lost = ends.filter((end) => end.ended() !== null || end.find("close") !== undefined);
  const { goAway } = connection;
  const afterWords = (atMs: number): string => `after ${(Math.max(0, atMs - startMs) / 1000).toFixed(2)} s`;
  const [first] = lost;
  const firstMs = first?.find("close")?.atMs ?? first?.ended()?.atMs ?? startMs;
  const evidence = [
    `${ends.length} WebSockets on one HTTP/2 connection under traffic, reloaded: ${ends.length - lost.length} stayed open`,
    goAway === null
      ? "client received: no GOAWAY"
      : `client received: GOAWAY (${goAway.code}) ${afterWords(goAway.atMs)}: further WebSockets need a connection of their own`,
    ...(first === undefined ? [] : [`${afterWords(firstMs)} the client saw: ${endWords(first)}`]),
  ];
  if (first === undefined) return ok(id, evidence);
  const { version } = context;
  const afterS = Math.max(0, firstMs - startMs) / 1000;
  const symptom = { kind: "h2-websocket", what: "cut-at-reload", afterS, version } as const;
  return warning(
    id,
    explained(context, symptom, {
      title:
        h1Lost > 0
          ? "a reload closes open WebSockets, those over HTTP/2 too"
          : "a reload closes WebSockets over HTTP/2, and not those over HTTP/1.1",
      evidence,
      otherwise: {
        cause:
          h1Lost > 0
            ? "as over HTTP/1.1: see reload"
            : "the old process ends its HTTP/2 connections, and all WebSockets on them, sooner than its tunnels",
        cure: "clients that reconnect after a random wait",
      },
    }),
  );
}
