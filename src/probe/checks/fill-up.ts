/**
 * Opens WebSockets until no more come in.
 */
import type { RoomEnd } from "../../diagnosis/symptom.js";
import { descriptorLimitOf } from "../../linux/descriptor-limit.js";
import { isLinuxLayerAvailable } from "../../linux/linux-layer.js";
import type { Answer } from "../answer.js";
import { connectionsMost } from "../arm-session.js";
import { answerWords } from "../evidence.js";
import type { ProbeContext } from "../probe-context.js";
import { type ClientExchange, exchange, upgradeText } from "../raw-client.js";

/** Opened beyond what is foretold. */
export const beyond = 10;
const atOnce = 50;
const openLimitMs = 2000;
/** Who is not answered waits, and so does whoever comes after. */
const waitsEnough = 2;

export interface Filled {
  readonly asked: number;
  readonly opened: number;
  /** How many were open when the first was turned away; null when none was. */
  readonly firstAt: number | null;
  /** What the first that failed got. */
  readonly example: string | null;
  /** The same, as an explanation goes by it. */
  readonly end: RoomEnd | null;
  /** What the probe itself ran out of, by the system's code: then nothing is known of the proxy. */
  readonly shortage: string | null;
}

/** Of the probe itself beside the connections. */
const spareFiles = 60;

/** Both ends of each are the probe's own. */
export function mostToTry(): number {
  const files = isLinuxLayerAvailable().available ? descriptorLimitOf(0).soft : Number.POSITIVE_INFINITY;
  return Math.min(connectionsMost, Math.floor((files - spareFiles) / 2));
}

/** "tried 41: 31 opened; the next got: …" */
export function filledWords({ asked, opened, firstAt, example, shortage }: Filled): string {
  if (shortage !== null)
    return `tried as far as this machine lets probe open connections: ${opened} opened, then ${shortage}`;
  const first =
    firstAt === null || firstAt === opened ? "" : `, the first was turned away with ${firstAt} open`;
  return `tried ${asked}: ${opened} opened${first}${example === null ? "" : `; the next got: ${example}`}`;
}

interface Filling {
  readonly count: number;
  readonly failuresEnough: number;
}

export async function fillUp(context: ProbeContext, { count, failuresEnough }: Filling): Promise<Filled> {
  const { target, signal } = context;
  const opened: ClientExchange[] = [];
  const failed: Answer[] = [];
  let firstAt: number | null = null;
  const isEnough = (): boolean =>
    failed.length >= failuresEnough ||
    failed.some((answer) => shortageOf(answer) !== null) ||
    failed.filter(({ kind }) => kind === "timeout").length >= waitsEnough;
  try {
    while (opened.length < count && !isEnough() && !signal.aborted) {
      // Close to the limit one by one: a client that waits for its upstream connection takes another's.
      const left = count - beyond - opened.length;
      const batch = await Promise.all(
        Array.from({ length: left > 2 * atOnce ? atOnce : 1 }, () =>
          exchange(target, upgradeText(target), { timeoutMs: openLimitMs }),
        ),
      );
      opened.push(...batch.filter(({ end }) => end !== null));
      failed.push(...batch.flatMap(({ end, answer }) => (end === null ? [answer] : [])));
      if (failed.length > 0) firstAt ??= opened.length;
    }
    const held = opened.filter(({ end }) => end?.ended() === null).length;
    const [first] = failed;
    return {
      asked: opened.length + failed.length,
      opened: held,
      firstAt,
      example: first === undefined ? null : answerWords(first),
      end: first === undefined ? null : endOf(first),
      shortage: failed.map(shortageOf).find((code) => code !== null) ?? null,
    };
  } finally {
    for (const { end } of opened) end?.destroy();
    // The proxy has to see them go before anything else is tried.
    await context.settle();
  }
}

/** Descriptors and ports, of which the probe's two ends need as many as the proxy. */
const ownShortages = ["EMFILE", "ENFILE", "EADDRNOTAVAIL"];

function shortageOf(answer: Answer): string | null {
  return answer.kind === "connect-failed" && ownShortages.includes(answer.code) ? answer.code : null;
}

function endOf(answer: Answer): RoomEnd {
  if (answer.kind === "answered") return { status: answer.status };
  if (answer.kind === "timeout") return "waits";
  return answer.kind === "connect-failed" ? "refused" : "closed";
}
