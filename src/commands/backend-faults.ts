/**
 * The flags of `wsrally backend` for what goes wrong on purpose.
 */
import { type Command, InvalidArgumentError } from "commander";
import {
  type AnswerFault,
  type Delay,
  type Ending,
  type FaultPlan,
  noFaults,
} from "../backend/fault-plan.js";
import { UsageError } from "../base/errors.js";
import { type Quantity, readQuantity } from "../base/quantity.js";
import { mayTravel } from "../websocket/close-payload.js";

export interface FaultOptions {
  readonly delay?: Delay;
  readonly closeAfter?: Ending;
  readonly resetAfter?: Ending;
  readonly stallAfter?: Ending;
  readonly once?: true;
  readonly dropEvery?: AnswerFault;
  readonly duplicateEvery?: AnswerFault;
  readonly alterEvery?: AnswerFault;
}

/** Close code of a server that ends by itself (RFC 6455, 7.4.1: "going away"). */
const goingAway = 1001;
const anyDelay: Quantity = { kind: "time", least: 0, most: 86_400 };

export function addFaultFlags(command: Command): Command {
  return command
    .optionsGroup("Faults on purpose, for each connection:")
    .option(
      "--delay <time>",
      "answer that much later; exp:MS draws each delay, exponential with that mean",
      toDelay,
    )
    .option("--once", "end after one answer, without a close frame, as a naive handler does")
    .option("--close-after <n[:code]>", "close after n answers, with this code (1001)", toClosing)
    .option("--reset-after <n>", "reset after n answers", (text) => ({ kind: "reset", after: toCount(text) }))
    .option("--stall-after <n>", "stay open after n answers, and answer no more", (text) => ({
      kind: "stall",
      after: toCount(text),
    }))
    .option("--drop-every <n>", "leave every n-th answer out", (text) => toAnswerFault("drop", text))
    .option("--duplicate-every <n>", "send every n-th answer twice", (text) =>
      toAnswerFault("duplicate", text),
    )
    .option("--alter-every <n>", "change a byte of every n-th answer", (text) => toAnswerFault("alter", text))
    .optionsGroup("Options:");
}

/** @throws UsageError when a connection would have to end, or an answer to go wrong, in two ways */
export function readFaultFlags(options: FaultOptions): FaultPlan {
  const { delay = null, closeAfter, resetAfter, stallAfter, once } = options;
  const endings = [closeAfter, resetAfter, stallAfter].filter((ending) => ending !== undefined);
  if (endings.length + (once ? 1 : 0) > 1) {
    throw new UsageError(
      "Cannot end a connection in two ways: want one of --once, --close-after, --reset-after and --stall-after",
    );
  }
  const { dropEvery, duplicateEvery, alterEvery } = options;
  const answers = [dropEvery, duplicateEvery, alterEvery].filter((fault) => fault !== undefined);
  if (answers.length > 1) {
    throw new UsageError(
      "Cannot spoil an answer in two ways: want one of --drop-every, --duplicate-every and --alter-every",
    );
  }
  return { ...noFaults, delay, ending: endings[0] ?? null, answers: answers[0] ?? null };
}

function toDelay(text: string): Delay {
  const [, exponential, time = ""] = /^(exp:)?(.*)$/.exec(text) ?? [];
  // Bare, it is milliseconds.
  const seconds = readQuantity(/\d$/.test(time) ? `${time}ms` : time, anyDelay);
  if (seconds === null)
    throw new InvalidArgumentError("Want a time such as 20ms, or bare milliseconds: 20, exp:20.");
  const ns = Math.round(seconds * 1e9);
  return exponential === undefined ? { kind: "fixed", ns } : { kind: "exponential", meanNs: ns };
}

function toClosing(text: string): Ending {
  const [count = "", code = String(goingAway), ...rest] = text.split(":");
  if (rest.length > 0 || !/^\d+$/.test(code) || !mayTravel(Number(code))) {
    throw new InvalidArgumentError("Want a number of answers, and a close code that may be sent: 10:1011.");
  }
  return { kind: "close", after: toCount(count), code: Number(code) };
}

function toAnswerFault(kind: AnswerFault["kind"], text: string): AnswerFault {
  const every = toCount(text);
  if (every === 0) throw new InvalidArgumentError("Want 1 or more: 1 spoils every answer.");
  return { kind, every };
}

function toCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("Want a number of answers, 0 or more.");
  return Number(text);
}
