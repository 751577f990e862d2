/**
 * Connections of several classes, each with a rate of its own: most of them idle, a few busy. Each class has its own
 * schedule and goes round its own connections.
 */
import { createPacer, type Pacer } from "../../base/pacer.js";
import { OpenConnections } from "../open-connections.js";
import type { Turns } from "./turns.js";

/** Of one thread. */
export interface Mix {
  /** Messages a second of each connection, by class. */
  readonly ratesPerS: readonly number[];
  /** Its class, by connection. */
  readonly classOf: Uint8Array;
}

export class MixedConnections extends OpenConnections {
  readonly #mix: Mix;
  readonly #rings: readonly OpenConnections[];

  constructor(mix: Mix) {
    super(mix.classOf.length);
    this.#mix = mix;
    this.#rings = mix.ratesPerS.map(() => new OpenConnections(mix.classOf.length));
  }

  override add(connection: number): void {
    super.add(connection);
    this.#rings[this.#mix.classOf[connection] as number]?.add(connection);
  }

  override remove(connection: number): void {
    super.remove(connection);
    this.#rings[this.#mix.classOf[connection] as number]?.remove(connection);
  }

  countIn(one: number): number {
    return this.#rings[one]?.count ?? 0;
  }

  nextIn(one: number): number | undefined {
    return this.#rings[one]?.next();
  }
}

interface ClassTurn {
  readonly one: number;
  readonly pacer: Pacer;
  dueNs: number;
}

/** @param schedule how the messages of each class are spaced */
export function createMixedTurns(
  { ratesPerS }: Mix,
  open: MixedConnections,
  schedule: { readonly arrivals: "uniform" | "poisson"; readonly phase: number },
  seed: number,
): Turns {
  const turns = ratesPerS.flatMap((each, one): ClassTurn[] => {
    const ratePerS = each * open.countIn(one);
    if (ratePerS === 0) return [];
    // Classes are shifted against each other, as threads are.
    const phase = (schedule.phase + one / ratesPerS.length) % 1;
    const pacer = createPacer({ ...schedule, phase, ratePerS }, seed + one);
    return [{ one, pacer, dueNs: pacer.nextNs() }];
  });
  let turn: ClassTurn | undefined;
  return {
    nextNs() {
      if (turn !== undefined) turn.dueNs = turn.pacer.nextNs();
      turn = turns.reduce(
        (first, other) => (other.dueNs < first.dueNs ? other : first),
        turns[0] as ClassTurn,
      );
      return turn?.dueNs ?? Number.POSITIVE_INFINITY;
    },
    nextConnection: () => (turn === undefined ? undefined : open.nextIn(turn.one)),
  };
}
