/**
 * What a config says, with its words and where they stand: the same for every proxy.
 */

/** A file and a line in it, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A directive as it is written, without what ends it. */
export interface Quote {
  readonly text: string;
  /** Null for a default, or a line that wsrally added. */
  readonly place: Place | null;
}

/** A value, and the words that state it. */
export interface Stated<Value> {
  readonly value: Value;
  readonly quote: Quote;
}

/** `worker_connections 1024 (site.conf:3)`. */
export function quoteWords({ text, place }: Quote): string {
  return place === null ? text : `${text} (${place.file}:${place.line})`;
}

/** "`worker_connections 1024` at site.conf:3", or the words about a default. */
export function quoteAt({ text, place }: Quote): string {
  return place === null ? text : `\`${text}\` at ${placeWords(place)}`;
}

/** "site.cfg:12", or how a line of ours is called. */
export function placeWords(place: Place | null): string {
  return place === null ? "a line that wsrally added" : `${place.file}:${place.line}`;
}
