/**
 * What is to be done, in the order in which it falls due. A binary heap, for there may be one for every connection, and times
 * drawn by chance come in no order.
 */

/** One of a queue. */
interface Due<What> {
  readonly dueNs: number;
  readonly what: What;
  /** Decides between two that fall due together. */
  readonly turn: number;
  /** Where it is in the heap; `gone` when it is not there any more. */
  place: number;
}

const gone = -1;

export class DueQueue<What> {
  /** Each is due no later than its two children, 2i + 1 and 2i + 2. */
  readonly #heap: Due<What>[] = [];
  #turn = 0;

  /** When the first falls due; infinity when there is none. */
  get nextNs(): number {
    return this.#heap[0]?.dueNs ?? Number.POSITIVE_INFINITY;
  }

  /** @returns takes it out again; no harm once it has been taken */
  add(dueNs: number, what: What): () => void {
    const due = { dueNs, what, turn: this.#turn++, place: gone };
    this.#put(due, this.#heap.push(due) - 1);
    return () => this.#drop(due);
  }

  /** Takes the first of those that are due, of two at once the one that was added first; undefined: none is. */
  takeDue(nowNs: number): What | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.dueNs > nowNs) return undefined;
    this.#drop(first);
    return first.what;
  }

  #drop(due: Due<What>): void {
    const { place } = due;
    if (place === gone) return;
    due.place = gone;
    const last = this.#heap.pop() as Due<What>;
    if (last !== due) this.#put(last, place);
  }

  /** Puts it there, or above or below it, where it belongs. */
  #put(due: Due<What>, from: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(due, heap[parent] as Due<What>)) break;
      this.#set(place, heap[parent] as Due<What>);
      place = parent;
    }
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due<What>, heap[child] as Due<What>))
        child++;
      if (child >= heap.length || !isBefore(heap[child] as Due<What>, due)) break;
      this.#set(place, heap[child] as Due<What>);
      place = child;
    }
    this.#set(place, due);
  }

  #set(place: number, due: Due<What>): void {
    this.#heap[place] = due;
    due.place = place;
  }
}

function isBefore(a: Due<unknown>, b: Due<unknown>): boolean {
  return a.dueNs < b.dueNs || (a.dueNs === b.dueNs && a.turn < b.turn);
}
