/**
 * What new clients saw of a certificate that took another's place: pure.
 */

/** A handshake. */
export interface SeenCertificate {
  /** Of its beginning. */
  readonly atNs: number;
  /** As the certificate has it, in hexadecimal; null where the handshake failed. */
  readonly serial: string | null;
}

/** Null where it was not seen. */
export interface CertificateBill {
  readonly serialBefore: string | null;
  /** The last that was shown. */
  readonly serialAfter: string | null;
  /**
   * From the first event to the beginning of the first handshake from which on all that succeeded showed the last
   * certificate; null where it is the one from before.
   */
  readonly newSeenAfterMs: number | null;
  /** Of those begun from the first event on. */
  readonly failedHandshakes: number;
}

/** @param seen in the order of their beginnings */
export function certificateBillOf(seen: readonly SeenCertificate[], eventNs: number): CertificateBill {
  const since = seen.filter(({ atNs }) => atNs >= eventNs);
  const shown = since.filter(({ serial }) => serial !== null);
  const serialBefore = seen.findLast(({ atNs, serial }) => atNs < eventNs && serial !== null)?.serial ?? null;
  const serialAfter = shown.at(-1)?.serial ?? null;
  const lastOther = shown.findLastIndex(({ serial }) => serial !== serialAfter);
  const firstNew = serialAfter === serialBefore ? undefined : shown[lastOther + 1];
  return {
    serialBefore,
    serialAfter,
    newSeenAfterMs: firstNew === undefined ? null : (firstNew.atNs - eventNs) / 1e6,
    failedHandshakes: since.length - shown.length,
  };
}
