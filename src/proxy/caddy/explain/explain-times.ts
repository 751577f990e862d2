/**
 * Why a WebSocket ended that nobody ended: time limits, reloads; and why no further one came in.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { lineNamed } from "../language/config-tree.js";
import { type ConfigView, quoteOf, timeOf, timeWords, written } from "./config-view.js";

/** @param afterS null where it was foretold, or seen with another time than the config's */
export function explainIdle(view: ConfigView, afterS: number | null): Explanation | null {
  const measured = afterS === null ? "" : `; measured ${timeWords(Math.round(afterS * 10) / 10)}`;
  const silence = timeOf(view, "read_timeout");
  const life = timeOf(view, "stream_timeout");
  const isLife = life !== null && (silence === null || isNearer(life.value, silence.value, afterS));
  if (isLife)
    return {
      cause: `${written(life.line)} ends every WebSocket after ${timeWords(life.value)}, busy or not, without a close frame${measured}`,
      cure: "without the line, or as long as a WebSocket may live:\nstream_timeout 24h",
      quotes: [life.quote],
    };
  if (silence === null) return null;
  return {
    cause: `${written(silence.line)} ends a WebSocket whose backend says nothing for ${timeWords(silence.value)}, whatever the client says${measured}`,
    cure: `a heartbeat from the backend more often than every ${timeWords(silence.value)}, or without the line: Caddy has no limit of its own`,
    quotes: [silence.quote],
  };
}

/** The one that was measured; where nothing was, the shorter. */
function isNearer(one: number, other: number, afterS: number | null): boolean {
  return afterS === null ? one < other : Math.abs(one - afterS) < Math.abs(other - afterS);
}

export function explainHeartbeat(view: ConfigView): Explanation | null {
  const silence = timeOf(view, "read_timeout");
  return silence === null
    ? null
    : {
        cause: `${written(silence.line)} counts what comes from the backend alone: a client's heartbeat that is not answered keeps nothing open`,
        cure: "a heartbeat from the backend, or without the line",
        quotes: [silence.quote],
      };
}

export function explainReload(view: ConfigView, afterS: number | null): Explanation | null {
  const delay = timeOf(view, "stream_close_delay");
  const measured =
    afterS === null ? "" : afterS < 0.1 ? ", at once" : `, after ${timeWords(Math.round(afterS * 10) / 10)}`;
  const cure = `in the \`reverse_proxy\`, from Caddy 2.8 on; so long open ones go on with the old config:\nstream_close_delay 1h`;
  if (delay === null)
    return {
      cause: `Caddy closes all WebSockets of a config when another is loaded, whatever was changed in it (1001${measured})`,
      cure,
      quotes: view.proxy === null ? [] : [quoteOf(view.proxy)],
    };
  return {
    cause: `${written(delay.line)}: after a reload open WebSockets live that long, and are closed then${measured}`,
    cure: "a longer one, and clients that wait a random time before they come back:\nstream_close_delay 24h",
    quotes: [delay.quote],
  };
}

type RoomEnds = Extract<Symptom, { kind: "room-ends" }>;

export function explainRoom({ proxy }: ConfigView, { opened, log }: RoomEnds): Explanation | null {
  const most = proxy === null ? null : lineNamed(proxy, "unhealthy_request_count");
  if (most !== null)
    return {
      cause: `${written(most)}: an open WebSocket counts as a request that is under way; with ${opened} open the upstream is taken for down`,
      cure: "without the line, or with as many as there are to be WebSockets",
      quotes: [quoteOf(most)],
    };
  return log.some(({ cause }) => cause === "no-descriptors")
    ? {
        cause: `Caddy may have no more open files: a WebSocket takes two of them, and ${opened} were open`,
        cure: "more open files for its process (`LimitNOFILE` of its systemd unit, `ulimit -n`)",
      }
    : null;
}
