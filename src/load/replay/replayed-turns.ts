/**
 * Whose message falls due next, where each connection goes through a session of its own: a heap of connections by the time
 * of their next message.
 */
import type { Turns } from "../shape/turns.js";

export function createReplayedTurns(
  connections: number,
  dueMs: (connection: number, sequence: number) => number,
): Turns {
  const due = new Float64Array(connections);
  const sequence = new Uint32Array(connections);
  for (let one = 0; one < connections; one++) due[one] = dueMs(one, 0);
  // Sorted, it is a heap: each is due no later than its two children, 2i + 1 and 2i + 2.
  const heap = Uint32Array.from(due.keys()).sort((a, b) => (due[a] as number) - (due[b] as number));
  const dueAt = (place: number): number => due[heap[place] as number] as number;
  let last: number | undefined;

  const sink = (): void => {
    const top = heap[0] as number;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < connections && dueAt(child + 1) < dueAt(child)) child++;
      if (child >= connections || dueAt(child) >= (due[top] as number)) break;
      heap[place] = heap[child] as number;
      place = child;
    }
    heap[place] = top;
  };

  return {
    nextNs() {
      if (last !== undefined) {
        sequence[last] = (sequence[last] as number) + 1;
        due[last] = dueMs(last, sequence[last] as number);
        sink();
      }
      last = heap[0];
      return last === undefined ? Number.POSITIVE_INFINITY : (due[last] as number) * 1e6;
    },
    nextConnection: () => last,
  };
}
