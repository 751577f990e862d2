/** One message to a room, and when it came to each member. */

const states = { never: 0, awaited: 1, came: 2 } as const;

/** When the first, half, and all of those that a message was for had it, in nanoseconds since it was due; null: never. */
interface CastTimes {
  readonly firstNs: number | null;
  readonly medianNs: number | null;
  readonly lastNs: number | null;
}

export class Cast {
  readonly dueNs: number;
  readonly room: number;
  /** Members that it was for. */
  readonly expected: number;
  came = 0;
  /** Of those, members that it may still come to. */
  awaited = 0;
  readonly #state: Uint8Array;
  readonly #atNs: Float64Array;

  /** @param members of the room, by their places in it: whether it can come to each of them */
  constructor(room: number, dueNs: number, expected: number, members: readonly boolean[]) {
    this.room = room;
    this.dueNs = dueNs;
    this.expected = expected;
    this.#state = Uint8Array.from(members, (isThere) => (isThere ? states.awaited : states.never));
    this.#atNs = new Float64Array(members.length);
    this.awaited = members.filter((isThere) => isThere).length;
  }

  /** @returns false when it had come there before */
  cameTo(place: number, atNs: number): boolean {
    if (this.#state[place] === states.came) return false;
    if (this.#state[place] === states.awaited) this.awaited--;
    this.#state[place] = states.came;
    this.#atNs[this.came++] = atNs;
    return true;
  }

  /** It will not come there any more. */
  giveUp(place: number): void {
    if (this.#state[place] !== states.awaited) return;
    this.#state[place] = states.never;
    this.awaited--;
  }

  /** As the order statistics of all that it was for: what has not come comes after all that has. */
  times(): CastTimes {
    const sorted = this.#atNs.subarray(0, this.came).sort();
    const at = (rank: number): number | null =>
      rank >= 1 && rank <= sorted.length ? (sorted[rank - 1] as number) - this.dueNs : null;
    return { firstNs: at(1), medianNs: at(Math.ceil(this.expected / 2)), lastNs: at(this.expected) };
  }
}
