/** How high a paced load may be before messages wait for generator and backend instead of the proxy. */
import type { Placement } from "./placement.js";
import type { TrialRecord } from "./trial-record.js";

/**
 * Of a processor, for what generator and backend do on it. Paced, a message costs them more than in a closed loop,
 * where one wake-up serves many: on two processors, which they have one of, 30 % of what nginx carried (14,400 a
 * second) took 96 % of it. The p50 of single trials then varied by 3 to 9 %, and by less than 1 % at 5,700 a second.
 */
const busiestOwnShare = 0.6;
/** A lighter load costs more a message, so that one step down may not be enough; after two it was 0.62 of a processor. */
export const bearableTriesMost = 2;

/**
 * @param shareAt how busy generator and backend are at a rate, found out by a trial
 * @returns the wanted rate in whole messages a second, or one below it that leaves them time to spare
 */
export async function bearableRate(
  wanted: number,
  shareAt: (ratePerS: number) => Promise<number>,
): Promise<number> {
  let ratePerS = Math.max(1, Math.round(wanted));
  for (let tries = 0; tries < bearableTriesMost; tries++) {
    const share = await shareAt(ratePerS);
    if (share <= busiestOwnShare) break;
    ratePerS = Math.max(1, Math.round((ratePerS * busiestOwnShare) / share));
  }
  return ratePerS;
}

/** How busy the busier of generator and backend keeps its processor, or both together the one that they share. */
export function ownShare(
  {
    generator,
    backendCpuShare,
  }: Pick<TrialRecord, "backendCpuShare"> & {
    readonly generator: Pick<TrialRecord["generator"], "cpuShare">;
  },
  placement: Pick<Placement, "generator" | "backend">,
): number {
  const [load, backend] = [generator.cpuShare ?? 0, backendCpuShare ?? 0];
  const isShared = placement.generator?.length === 1 && placement.generator[0] === placement.backend?.[0];
  return isShared ? load + backend : Math.max(load, backend);
}
