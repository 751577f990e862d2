/**
 * By what a proxy is told from outside, and what its refusal or its silence then means. A backend's words come through a
 * proxy too, so that a name rests on the answer to a request that no proxy passes on: who answers that stands in front.
 */
import { type HeaderField, valuesOf } from "../websocket/header-fields.js";

/** As far as signs look at it. */
export interface SeenAnswer {
  readonly status: number;
  readonly fields: readonly HeaderField[];
  readonly bodyStart: string;
}

/** Null for what was not answered. */
export interface SeenServer {
  /** To a request line that is none: whoever reads it refuses it himself. */
  readonly broken: SeenAnswer | null;
  /** To a path with `#` in it, which has no place in a request. */
  readonly fragment: SeenAnswer | null;
  /** To an upgrade. */
  readonly upgrade: SeenAnswer | null;
}

export interface ProxySigns {
  /** @returns what tells it, a line each; none where it may be another */
  recognise(seen: SeenServer): readonly string[];
  /** What it usually means where an upgrade is not answered with 101; the first that fits. */
  readonly meanings: readonly SignMeaning[];
}

export interface SignMeaning {
  /** Of the answer; null for none at all. */
  readonly status: number | null;
  /** Somewhere in the start of the body; left out for any. */
  readonly body?: RegExp;
  readonly cause: string;
  readonly cure: string;
}

/** An answer's header, its values put together. */
export function headerOf(answer: SeenAnswer | null, name: string): string {
  return answer === null ? "" : valuesOf(answer.fields, name).join(", ");
}

/** "Server: Caddy in the answer to the upgrade" */
export function headerSign(answer: SeenAnswer | null, name: string, to: string): string {
  return `${name}: ${headerOf(answer, name)} in the answer to ${to}`;
}

/** What evidence calls the two odd requests. */
export const toBroken = "a request line that is none";
export const toFragment = "a path with # in it";

/** Go's own server answers so, before any program of Go's sees the request. */
export function isGoServer({ broken }: SeenServer): boolean {
  return (
    broken !== null &&
    broken.status === 400 &&
    broken.bodyStart === "400 Bad Request" &&
    headerOf(broken, "Server") === ""
  );
}
