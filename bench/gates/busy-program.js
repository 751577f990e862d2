/** `node busy-program.js SECONDS SEED`: keeps a processor busy half of the time, in turns of 20 to 500 ms, and ends. */
import { setTimeout as sleep } from "node:timers/promises";
import { createPrng } from "../../build/base/prng.js";

const [seconds, seed] = process.argv.slice(2).map(Number);
const prng = createPrng(seed);
const turnMs = () => 20 + 480 * prng.nextFloat();

while (performance.now() < seconds * 1000) {
  const until = performance.now() + turnMs();
  while (performance.now() < until);
  await sleep(turnMs());
}
