/** What a workload sends. */
import type { SizeWish } from "./sizes.js";

export type Message =
  /** The text `ping`, answered by `pong`. */
  | { readonly kind: "ping" }
  /** A payload with a sequence number where it has room, echoed. */
  | { readonly kind: "payload"; readonly bytes: number; readonly binary: boolean }
  /** The same in many sizes, as they are written; without `down` a reply is as long as its message. */
  | ({ readonly kind: "sized"; readonly binary: boolean; readonly savedPercent: number } & SizeWish)
  /** Those of recorded sessions, without their contents: when, which way and how long. */
  | { readonly kind: "replayed"; readonly file: string }
  /** A text with places, as the user wrote it; its reply is told by the conversation. */
  | { readonly kind: "own"; readonly text: string; readonly binary: boolean };

interface Given {
  readonly message?: string | undefined;
  readonly payload?: number | undefined;
  readonly sizes?: SizeWish | undefined;
  readonly replay?: string | undefined;
  readonly compressibility?: number | undefined;
  readonly binary?: boolean | undefined;
}

export function resolveMessage(given: Given): Message {
  const { message, payload, sizes, replay, binary = false } = given;
  if (replay !== undefined) return { kind: "replayed", file: replay };
  if (message !== undefined) return { kind: "own", text: message, binary };
  const savedPercent = Math.round(100 * (given.compressibility ?? 0));
  if (sizes !== undefined) return { kind: "sized", binary, savedPercent, ...sizes };
  return payload === undefined ? { kind: "ping" } : { kind: "payload", bytes: payload, binary };
}
