/**
 * What a load says to a backend of the user's own, and how its answers are told: the workload's keys `first`, `message`,
 * `reply`, `ignore`, `answer`, `keepAlive`. Texts are as they were written, with their places unfilled.
 */

/**
 * Which messages are meant: those that are a text, that hold one, or whose JSON has a value at a path such as `payload.id` or
 * `1.event`.
 */
export type MessageMatch =
  | { readonly match: "equals" | "contains"; readonly value: string }
  | { readonly match: "json"; readonly path: string; readonly value: string };

/** What answers a message: the same bytes, whatever comes next, or what is meant by a match. */
export type ReplyRule = { readonly match: "same" } | { readonly match: "next" } | MessageMatch;

/** A step of what is exchanged once a connection is open, before it carries load. */
export interface FirstStep {
  /** Null: nothing is sent, and the server speaks first. */
  readonly send: string | null;
  /** Null: the next step does not wait. */
  readonly await: MessageMatch | null;
  /** Names for values of the answer's JSON, by their paths; each is a place for what this connection sends later. */
  readonly capture: Readonly<Record<string, string>>;
}

/** What is sent when the server says something, as heartbeats want it. */
export interface AnswerRule {
  readonly to: MessageMatch;
  readonly send: string;
}

export interface KeepAlive {
  /** Seconds between two of a connection. */
  readonly every: number;
  readonly send: string;
}

export interface Conversation {
  readonly first: readonly FirstStep[];
  readonly reply: ReplyRule;
  /** What else the server says of itself. */
  readonly ignore: readonly MessageMatch[];
  readonly answer: readonly AnswerRule[];
  readonly keepAlive: KeepAlive | null;
}

/** With what is left out as it is then; null where the message is wsrally's own and nothing comes first. */
export function conversationOf(
  given: { readonly message?: string | undefined } & {
    readonly [Key in keyof Conversation]?: Conversation[Key] | undefined;
  },
): Conversation | null {
  const {
    message,
    first = [],
    reply = { match: "same" },
    ignore = [],
    answer = [],
    keepAlive = null,
  } = given;
  return message === undefined && first.length === 0 ? null : { first, reply, ignore, answer, keepAlive };
}

/** Places that are filled for every message; any other is a captured value or a column of the data. */
export const messageFields = ["id", "seq", "now", "connection"] as const;
export type MessageField = (typeof messageFields)[number];

/** Every text of a conversation. */
export function textsOf({ first, reply, ignore, answer, keepAlive }: Conversation): string[] {
  const matches = [...first.flatMap((step) => step.await ?? []), ...ignore, ...answer.map(({ to }) => to)];
  return [
    ...first.flatMap(({ send }) => send ?? []),
    ...("value" in reply ? [reply.value] : []),
    ...matches.map(({ value }) => value),
    ...answer.map(({ send }) => send),
    ...(keepAlive === null ? [] : [keepAlive.send]),
  ];
}
