/**
 * Room for all WebSockets is of no use where one worker takes them all.
 */
import { fewConnections } from "../../../diagnosis/config-facts.js";
import { type Finding, note, notTested } from "../../../diagnosis/finding.js";
import { outermost, placeOf } from "../language/nginx-tree.js";
import type { Reading } from "./reading.js";
import { dealingListen } from "./room-facts.js";

export function adviseWorkers({ view, facts: { room, workers } }: Reading): readonly Finding[] {
  if (room === null) {
    const why = "the file is a part of a config: worker_connections stands in the whole";
    return [notTested("worker-connections", why)];
  }
  if (workers === 1 || room.oneByOne < fewConnections || dealingListen(view) !== null) return [];
  const listens = (view.server?.block ?? []).filter(({ name }) => name === "listen");
  const written = [outermost(view.tree, "worker_processes"), ...listens];
  const places = written.flatMap((node) => (node?.origin ? [placeOf(node.origin)] : []));
  return [
    note("worker-connections", {
      title: `one of the ${workers} workers may take all WebSockets, and has room for ${room.oneByOne / workers} of them`,
      evidence: [],
      cause: `without reuseport whichever worker is awake first takes a connection, and keeps it for as long as it lives (${places.join(", ")}); with listen … reuseport the kernel deals them out`,
    }),
  ];
}
