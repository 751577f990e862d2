/**
 * One connection, what is exchanged on it before a load, and one message: what came of it.
 */
import { monotonicClock } from "../base/clock.js";
import { createSource } from "../load/create-source.js";
import type { ConnectionFault, Engine, EngineSettings } from "../load/engine.js";
import { replyBytesMax } from "../load/engine-settings.js";
import { createHttp2Engine } from "../load/http2-engine.js";
import { type MessageSource, wrongReply } from "../load/message-source.js";
import type { Target } from "../load/messages.js";
import { OpenConnections } from "../load/open-connections.js";
import { fillsOf } from "../load/talk/fills.js";
import { createTalks, type Talks } from "../load/talk/talks.js";
import { createWsEngine } from "../load/ws-engine.js";
import type { PreparedArm } from "./prepare-arms.js";

const replyTimeoutMs = 5000;
/** Of what was sent or came, in one line. */
const bytesShown = 100;

type OnceAnswer =
  | { readonly kind: "right" }
  | { readonly kind: "refused"; readonly fault: ConnectionFault }
  /** It upgraded. @see words end a sentence that begins with that */
  | { readonly kind: "amiss"; readonly words: string };

/** @param tell called at least once, and what is said after the first time is of no interest */
export function askOnce(
  arm: PreparedArm,
  target: Target,
  tell: (answer: OnceAnswer) => void,
): { readonly begin: () => void; readonly stop: () => void } {
  const once = new Once(arm, target, tell);
  return { begin: () => once.begin(), stop: () => once.stop() };
}

class Once {
  readonly #tell: (answer: OnceAnswer) => void;
  readonly #source: MessageSource;
  readonly #talks: Talks | null;
  readonly #engine: Engine;
  /** Whether the user says what is sent, and so what is wanted. */
  readonly #isOwn: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    { plan, answers, own, shape }: PreparedArm,
    target: Target,
    tell: (answer: OnceAnswer) => void,
  ) {
    const { message } = plan.workload;
    // Nothing of a session is worth a question.
    const asked = message.kind === "replayed" ? ({ kind: "ping" } as const) : message;
    const job = { message: asked, shape, talk: own.talk, answers, target, seed: 0, splitEvery: 0 };
    const fills = fillsOf({ ...job, firstConnection: 0, connections: 1 });
    this.#tell = tell;
    this.#isOwn = own.talk !== null;
    this.#source = createSource(job, fills);
    const settings: EngineSettings = {
      target,
      connections: 1,
      sources: [],
      handshakeTimeoutMs: replyTimeoutMs,
      replyBytesMax: replyBytesMax(message),
      busyPoll: false,
      events: {
        opened: (_connection, times) => {
          if (this.#talks === null) this.#ask();
          else this.#talks.opened(0, times);
        },
        failed: (_connection, fault) => tell({ kind: "refused", fault }),
        message: (_connection, data, start, end, isBinary) => this.#onMessage(data, start, end, isBinary),
        pong: () => undefined,
        closed: (_connection, fault) => this.#onClosed(fault),
      },
    };
    this.#engine =
      target.streams === null
        ? createWsEngine({ ...settings, readsRefusals: true })
        : createHttp2Engine(settings, target.streams);
    this.#talks = createTalks({ talk: own.talk, handshakeTimeoutMs: replyTimeoutMs }, fills, {
      engine: this.#engine,
      open: new OpenConnections(1),
      clock: monotonicClock,
      ready: () => this.#ask(),
    });
  }

  begin(): void {
    this.#engine.open(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#engine.destroy();
  }

  #ask(): void {
    this.#timer = setTimeout(() => {
      const words = `gave no answer within ${replyTimeoutMs / 1000} s`;
      this.#tell({ kind: "amiss", words: this.#isOwn ? `${words} to ${this.#sent()}` : words });
    }, replyTimeoutMs);
    this.#engine.send(0, this.#source.messageFor(0, 0), this.#source.binary);
  }

  #onMessage(data: Buffer, start: number, end: number, isBinary: boolean): boolean {
    if (this.#talks?.takes(0, data, start, end)) return true;
    if (this.#source.check(data, start, end, isBinary, 0) !== wrongReply) {
      this.#tell({ kind: "right" });
      return true;
    }
    const said = quoted(data, start, end);
    const words = this.#isOwn
      ? `to ${this.#sent()} it said ${said}: that is no reply as reply has it, nor to be ignored by ignore`
      : `answered ${said}`;
    this.#tell({ kind: "amiss", words });
    return true;
  }

  #onClosed(fault: ConnectionFault): void {
    const early = this.#talks?.closed(0, fault) ?? null;
    const words = early?.detail ?? `gave no answer to the first message: ${fault.detail}`;
    this.#tell({ kind: "amiss", words });
  }

  #sent(): string {
    const message = this.#source.messageFor(0, 0);
    return quoted(message, 0, message.length);
  }
}

function quoted(data: Buffer, start: number, end: number): string {
  return JSON.stringify(data.toString("utf8", start, Math.min(end, start + bytesShown)));
}
