/** What a workload sends. */
import type { SizeWish } from "./sizes.js";

export type Message =
  /** The text `ping`, answered by `pong`. */
  | { readonly kind: "ping" }
  /** A payload with a sequence number where it has room, echoed. */
  | { readonly kind: "payload"; readonly bytes: number; readonly binary: boolean }
  /** The same in many sizes, as they are written; without `down` a reply is as long as its message. */
  | ({ readonly kind: "sized"; readonly binary: boolean } & SizeWish)
  /** Those of recorded sessions, without their contents: when, which way and how long. */
  | { readonly kind: "replayed"; readonly file: string }
  /** A text with places, as the user wrote it; its reply is told by the conversation. */
  | { readonly kind: "own"; readonly text: string; readonly binary: boolean };

interface Given {
  readonly message?: string | undefined;
  readonly payload?: number | undefined;
  readonly sizes?: SizeWish | undefined;
  readonly replay?: string | undefined;
  readonly binary?: boolean | undefined;
}

export function resolveMessage({ message, payload, sizes, replay, binary = false }: Given): Message {
  if (replay !== undefined) return { kind: "replayed", file: replay };
  if (message !== undefined) return { kind: "own", text: message, binary };
  if (sizes !== undefined) return { kind: "sized", binary, ...sizes };
  return payload === undefined ? { kind: "ping" } : { kind: "payload", bytes: payload, binary };
}
