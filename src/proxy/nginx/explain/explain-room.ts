/**
 * Why no further WebSocket came in, in nginx's directives.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { sharedBy } from "./limit-keys.js";
import type { Reading } from "./reading.js";

export function explainShare(
  { facts: { connectionLimit } }: Reading,
  { allowed }: Extract<Symptom, { readonly kind: "share-ends" }>,
): Explanation | null {
  if (connectionLimit === null) return null;
  const { by, definition, quote } = connectionLimit;
  const shared = sharedBy(by);
  const zone = definition?.text.split(" ").slice(2).join(" ") ?? "zone=NAME:10m";
  return {
    title: `limit_conn lets ${allowed} WebSockets in for each ${by}`,
    cause: `limit_conn was made for requests, which end; ${shared.cause}`,
    cure:
      shared.betterKey === null
        ? "raise the number, or leave limit_conn out of the WebSocket's location"
        : `raise the number to all the WebSockets there may be, or count by address in its zone:\nlimit_conn_zone ${shared.betterKey} ${zone};`,
    quotes: [quote],
  };
}

export function explainRoom({ facts: { room } }: Reading): Explanation | null {
  if (room === null) return null;
  return {
    cause:
      "worker_connections counts both sides of the proxy; whoever comes beyond is cut off without an answer",
    cure: "outside http:\nworker_processes auto;\nworker_rlimit_nofile 33000;\nevents { worker_connections 16384; }",
    quotes: [room.quote],
  };
}
