/**
 * A workload's conversation, made ready once: variables of the environment read, places told apart by what fills them.
 */
import { UsageError } from "../base/errors.js";
import { parseTemplate } from "../base/text-template.js";
import type { Talk, TalkMatch, TalkPart, TalkText } from "../load/talk/talk.js";
import { type MessageField, type MessageMatch, messageFields } from "../scenario/conversation.js";
import type { Workload } from "../scenario/workload.js";
import { type Filler, inMessage } from "./template-filler.js";

/**
 * @param filler of the whole workload, for a column is one whether the handshake asks for it or a message
 * @returns null where messages are wsrally's own and nothing comes first
 * @throws UsageError for a place that nothing fills
 */
export function readOwnTalk(
  { message, conversation }: Pick<Workload, "message" | "conversation">,
  filler: Filler,
): Talk | null {
  if (conversation === null) return null;
  const { first, reply, ignore, answer, keepAlive } = conversation;
  const names = new Names(first.flatMap(({ capture }) => Object.keys(capture)));
  const text = (given: string): TalkText => textOf(given, names, filler);
  const match = (given: MessageMatch): TalkMatch =>
    given.match === "json"
      ? { match: "json", path: stepsOf(given.path), value: text(given.value) }
      : { match: given.match, value: text(given.value) };
  return {
    first: first.map((step, index) => ({
      name: `first[${index}]`,
      send: step.send === null ? null : text(step.send),
      await: step.await === null ? null : match(step.await),
      captures: Object.entries(step.capture).map(([name, path]) => ({
        captured: names.numberOf(name),
        path: stepsOf(path),
      })),
    })),
    message: message.kind === "own" ? text(message.text) : null,
    binary: "binary" in message && message.binary,
    reply: "value" in reply ? match(reply) : reply,
    ignore: ignore.map(match),
    answer: answer.map(({ to, send }) => ({ to: match(to), send: text(send) })),
    keepAlive: keepAlive === null ? null : { every: keepAlive.every, send: text(keepAlive.send) },
    captures: names.count,
  };
}

/** Of captured values, by number. */
class Names {
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    const field = names.find(isField);
    if (field !== undefined)
      throw new UsageError(
        `Cannot capture ${field}: {{${field}}} is filled for every message; want another name`,
      );
    this.#names = [...new Set(names)];
  }

  get count(): number {
    return this.#names.length;
  }

  /** -1 for none of them. */
  numberOf(name: string): number {
    return this.#names.indexOf(name);
  }
}

function textOf(given: string, names: Names, filler: Filler): TalkText {
  return parseTemplate(given).flatMap((part): TalkPart[] => {
    if (part.kind === "text") return [part.text];
    if (part.kind === "env") return [filler.variable(part.name, inMessage)];
    if (isField(part.name)) return [{ field: part.name }];
    const captured = names.numberOf(part.name);
    return [captured === -1 ? { column: filler.column(part.name, inMessage) } : { captured }];
  });
}

function isField(name: string): name is MessageField {
  return messageFields.some((field) => field === name);
}

function stepsOf(path: string): string[] {
  return path.split(".");
}
