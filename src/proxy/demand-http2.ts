/**
 * Which arms can carry WebSockets over HTTP/2 at all (RFC 8441), known before anything is started.
 */
import { UsageError } from "../base/errors.js";
import type { ArmTarget } from "../scenario/arm.js";
import type { ProxyKind } from "../scenario/proxy-kind.js";

/** Null where the config decides; by what each did when it was asked (docs/http2.md). */
const proxyObstacles: Readonly<Partial<Record<ProxyKind, string>>> = {
  nginx: "nginx takes no WebSockets over it, in any version up to 1.31",
  traefik:
    "Traefik takes no WebSockets over it, in any version up to 3.7: it answers 501 to what it announces",
};

/** @throws UsageError for an arm that cannot, whatever its config says */
export function demandHttp2(name: string, target: ArmTarget): void {
  const obstacle = obstacleOf(target);
  if (obstacle !== null) throw new UsageError(`Cannot load ${name} over HTTP/2: ${obstacle}`);
}

function obstacleOf(target: ArmTarget): string | null {
  switch (target.kind) {
    case "proxy":
      return proxyObstacles[target.proxy] ?? null;
    case "direct":
    case "embedded":
    case "url":
      return null;
  }
}
