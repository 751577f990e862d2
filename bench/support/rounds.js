/**
 * Numbers the rounds of a part, from 0: as many as asked for, but none is begun once the part has had its time, so that
 * a busy machine takes fewer rounds rather than hours. One there is always.
 */
export function* rounds(most, budgetS) {
  const endMs = performance.now() + budgetS * 1000;
  for (let round = 0; round < most; round++) {
    if (round > 0 && performance.now() > endMs) return;
    yield round;
  }
}

/** "5 rounds" */
export function inWords(count) {
  return `${count} round${count === 1 ? "" : "s"}`;
}
