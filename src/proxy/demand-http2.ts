/**
 * Which arms can carry WebSockets over HTTP/2 at all (RFC 8441), known before anything is started.
 */
import { UsageError } from "../base/errors.js";
import type { ArmTarget } from "../scenario/arm.js";

/** @throws UsageError for an arm that cannot, whatever its config says */
export function demandHttp2(name: string, target: ArmTarget): void {
  const obstacle = obstacleOf(target);
  if (obstacle !== null) throw new UsageError(`Cannot load ${name} over HTTP/2: ${obstacle}`);
}

function obstacleOf(target: ArmTarget): string | null {
  switch (target.kind) {
    case "direct":
      return "wsrally's own backend speaks HTTP/1.1";
    case "embedded":
      return "the embedded relay passes bytes on to a backend that speaks HTTP/1.1";
    case "proxy":
      return target.proxy === "nginx" ? "nginx takes no WebSockets over it, in any version up to 1.31" : null;
    case "url":
      return null;
  }
}
