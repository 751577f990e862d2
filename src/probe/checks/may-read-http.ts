/** Whether what stands between may be an HTTP proxy, and not a relay of bytes. */
import type { ArmTarget } from "../../scenario/arm.js";

export function mayReadHttp({ kind }: ArmTarget): boolean {
  return kind === "proxy" || kind === "url";
}
