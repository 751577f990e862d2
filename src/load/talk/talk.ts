/**
 * A conversation as a generator thread gets it: the variables of the environment filled in, columns and captured values as
 * places still, for each connection has its own.
 */
import type { MessageField } from "../../scenario/conversation.js";

/** What all connections say alike, and the places between. */
export type TalkText = readonly TalkPart[];

export type TalkPart =
  | string
  /** Of the connection's row. */
  | { readonly column: number }
  /** By number: what an answer of the server held. */
  | { readonly captured: number }
  | { readonly field: MessageField };

export type TalkMatch =
  | { readonly match: "equals" | "contains"; readonly value: TalkText }
  | { readonly match: "json"; readonly path: readonly string[]; readonly value: TalkText };

export interface TalkStep {
  readonly send: TalkText | null;
  readonly await: TalkMatch | null;
  readonly captures: readonly { readonly captured: number; readonly path: readonly string[] }[];
  /** For whoever reads of a failure: `first[0]`. */
  readonly name: string;
}

export interface Talk {
  readonly first: readonly TalkStep[];
  /** Null: the workload's own message. */
  readonly message: TalkText | null;
  readonly binary: boolean;
  readonly reply: { readonly match: "same" } | { readonly match: "next" } | TalkMatch;
  readonly ignore: readonly TalkMatch[];
  readonly answer: readonly { readonly to: TalkMatch; readonly send: TalkText }[];
  readonly keepAlive: { readonly every: number; readonly send: TalkText } | null;
  /** How many values are captured. */
  readonly captures: number;
}

/** What fills the places that a connection has of its own. */
export interface Fill {
  /** Its number among all of the arm's. */
  readonly connection: number;
  readonly row: readonly string[];
  readonly captured: readonly string[];
}

/** Whether every connection says it alike, but for fields. */
export function isShared(text: TalkText): boolean {
  return text.every((part) => typeof part === "string" || "field" in part);
}
