/**
 * The directives that a load needs, from what was measured.
 */
import { roundUp } from "../../../base/round-up.js";
import type { Quote } from "../../../diagnosis/quote.js";
import type { PlannedLoad } from "../../driver.js";
import { connectionsEach, reserve } from "../run/nginx-template.js";

/** Its own in every worker: listening sockets, channels, logs. */
const ownConnections = 16;

export function planDirectives({ connections, workers, ephemeralPorts }: PlannedLoad): readonly Quote[] {
  const used = Math.ceil(connections / workers) * connectionsEach + ownConnections;
  const room = roundUp(used * reserve);
  const upstreams = Math.ceil(connections / (ephemeralPorts ?? Number.POSITIVE_INFINITY));
  const lines = [
    `worker_processes ${workers};`,
    // A worker has no more connections than open files, and nginx warns where it could.
    `worker_rlimit_nofile ${room};`,
    `events { worker_connections ${room}; }`,
    // Without it one worker may take most of them, and each has room for its share alone.
    ...(workers > 1 ? ["listen … reuseport;"] : []),
    ...(upstreams > 1 ? [`proxy_bind, or servers in the upstream, of ${upstreams} addresses`] : []),
  ];
  return lines.map((text) => ({ text, place: null }));
}
