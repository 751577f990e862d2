/** The cells of a sitting: what of the table is measured in one run. */

/** From so many connections on, opening them takes most of a trial's time: only the smallest message is measured. */
export const manyConnections = 2000;

/**
 * Those that take least come first; the paced cell of a load follows the saturated one, which it takes its rates from.
 * @returns in the order in which a pass takes them
 */
export function cellsOf({ schemes, sizes, connections, loads, full }) {
  return connections.flatMap((count) =>
    schemes.flatMap((scheme) =>
      sizes
        .slice(0, full || count < manyConnections ? sizes.length : 1)
        .flatMap((bytes) =>
          ["saturation", "paced"]
            .filter((load) => loads.includes(load))
            .map((load) => ({ scheme, bytes, connections: count, load })),
        ),
    ),
  );
}

export function cellWords({ scheme, bytes, connections, load }) {
  return `${scheme}, ${bytes} B, ${connections} connections, ${load}`;
}

/** What decides whether a proxy has room, with the arm's name: "ws, 100 connections: nginx-tuned". */
export function roomOf({ scheme, connections }, name) {
  return `${scheme}, ${connections} connections: ${name}`;
}

/** What has no rate to be paced by. */
export function pacedOf(cell, name) {
  return `${cell.scheme}, ${cell.bytes} B, ${cell.connections} connections: ${name}, paced`;
}
