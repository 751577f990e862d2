/**
 * What each connection of a thread fills its texts with, and what is made of them: once for all connections where they say
 * the same, else once for each.
 */
import type { ThreadJob } from "../messages.js";
import { rowOf } from "../rows.js";
import { type Fill, isShared, type TalkText } from "./talk.js";

/** @returns null where a job's messages are wsrally's own */
export function fillsOf({
  talk,
  firstConnection,
  connections,
  target,
}: Pick<ThreadJob, "talk" | "firstConnection" | "connections" | "target">): Fills | null {
  return talk === null ? null : new Fills(firstConnection, connections, target.rows, talk.captures);
}

export class Fills {
  readonly #firstConnection: number;
  readonly #rows: readonly (readonly string[])[];
  readonly #captured: string[][];
  readonly #forgetters: ((connection: number) => void)[] = [];

  /**
   * @param firstConnection the number, among all of the arm's, of this thread's first
   * @param captures how many values each connection captures
   */
  constructor(
    firstConnection: number,
    connections: number,
    rows: readonly (readonly string[])[],
    captures: number,
  ) {
    this.#firstConnection = firstConnection;
    this.#rows = rows;
    this.#captured = captures === 0 ? [] : Array.from({ length: connections }, () => []);
  }

  numberOf(connection: number): number {
    return this.#firstConnection + connection;
  }

  /** A connection's answer held a value. What was made of its texts before is made anew. */
  capture(connection: number, index: number, value: string): void {
    const values = this.#captured[connection];
    if (values !== undefined) values[index] = value;
    for (const forget of this.#forgetters) forget(connection);
  }

  /** @param texts that decide whether it is made once. @returns gives it to a connection */
  each<Made>(texts: readonly TalkText[], make: (fill: Fill) => Made): (connection: number) => Made {
    if (texts.every(isShared)) {
      const shared = make({ connection: 0, row: [], captured: [] });
      return () => shared;
    }
    const made: (Made | undefined)[] = [];
    this.#forgetters.push((connection) => {
      made[connection] = undefined;
    });
    return (connection) => {
      const known = made[connection];
      if (known !== undefined) return known;
      const fresh = make(this.#of(connection));
      made[connection] = fresh;
      return fresh;
    };
  }

  #of(connection: number): Fill {
    return {
      connection: this.numberOf(connection),
      row: rowOf(this.#rows, connection),
      captured: this.#captured[connection] ?? [],
    };
  }
}
