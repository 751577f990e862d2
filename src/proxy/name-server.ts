/**
 * Which of the proxies that wsrally knows a server that somebody else runs looks like.
 */
import { drivers } from "./drivers.js";
import type { SeenAnswer, SeenServer, SignMeaning } from "./signs.js";

export interface NamedServer {
  /** As sentences call it. */
  readonly title: string;
  /** What tells it, a line each. */
  readonly evidence: readonly string[];
  /** What this answer to an upgrade usually means there, or none at all; null where nothing is known of it. */
  meaningOf(answer: SeenAnswer | null): SignMeaning | null;
}

/** @returns null for what is none of them, or might be several */
export function nameServer(seen: SeenServer): NamedServer | null {
  const found = Object.values(drivers).flatMap(({ title, signs }): NamedServer[] => {
    const evidence = signs.recognise(seen);
    return evidence.length === 0
      ? []
      : [{ title, evidence, meaningOf: (answer) => meaningOf(signs.meanings, answer) }];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function meaningOf(meanings: readonly SignMeaning[], answer: SeenAnswer | null): SignMeaning | null {
  const fits = ({ status, body = /^/ }: SignMeaning): boolean =>
    answer === null ? status === null : status === answer.status && body.test(answer.bodyStart);
  return meanings.find(fits) ?? null;
}
