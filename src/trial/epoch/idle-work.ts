/**
 * Proxies that are at work while nothing is asked of them. In slots such work would fall into those of other arms, and make stalls
 * there, for all proxies of an epoch share their processors (docs/statistics.md, Slots). Pure.
 */
interface SlottedTrial {
  readonly arm: string;
  readonly proxyCost: { readonly idleCpuShare?: number | undefined } | null;
}

interface IdleWorker {
  readonly arm: string;
  /** Of a processor, in the slots of others. */
  readonly share: number;
}

/**
 * Of a processor: 5 ms a second. With 1,000 open connections Envoy used 0.07 to 0.13 % in the slots of others, and nginx, HAProxy,
 * Caddy, Traefik and Apache 0 to 0.01 % (quiet, eight trials each, 2026-11-30).
 */
const mostIdle = 0.005;

/** The arm that was at work most in the slots of others; null where none was, to speak of. */
export function idleWorker(trials: readonly SlottedTrial[]): IdleWorker | null {
  const shares = new Map<string, { sum: number; count: number }>();
  for (const { arm, proxyCost } of trials) {
    const share = proxyCost?.idleCpuShare;
    const { sum, count } = shares.get(arm) ?? { sum: 0, count: 0 };
    if (share !== undefined) shares.set(arm, { sum: sum + share, count: count + 1 });
  }
  const [most] = [...shares]
    .map(([arm, { sum, count }]) => ({ arm, share: sum / count }))
    .filter(({ share }) => share >= mostIdle)
    .sort((one, other) => other.share - one.share);
  return most ?? null;
}

/** `slow used 2.1 % of a processor while others had the load`. */
export function idleWorkWords({ arm, share }: IdleWorker): string {
  return `${arm} used ${(share * 100).toFixed(1)} % of a processor while others had the load`;
}
