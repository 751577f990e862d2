/**
 * How a probe's own requests are known behind a proxy that somebody else runs: where the token in them gets through.
 */
import { type TokenPlace, tokenHeader, tokenQuery } from "../websocket/run-token.js";
import type { ProbeBackend } from "./probe-backend.js";
import { exchange, type ProbeTarget, upgradeText } from "./raw-client.js";

export function withToken(target: ProbeTarget, token: string, place: TokenPlace): ProbeTarget {
  return place === "header"
    ? { ...target, headers: { ...target.headers, [tokenHeader]: token } }
    : { ...target, path: `${target.path}${tokenQuery(target.path, token)}` };
}

/** One handshake for each place, as long as only something else arrives. @returns null where the token does not */
export async function findProbeTokenPlace(
  target: ProbeTarget,
  token: string,
  backend: ProbeBackend,
): Promise<TokenPlace | null> {
  for (const place of ["header", "query"] as const) {
    const [before, othersBefore] = [backend.exchanges.length, backend.others()];
    const asked = withToken(target, token, place);
    const { end } = await exchange(asked, upgradeText(asked));
    end?.destroy();
    if (backend.exchanges.length > before) return place;
    if (backend.others() === othersBefore) return null;
  }
  return null;
}
