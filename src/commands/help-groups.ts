/**
 * Flags that few runs need, by group: `--help` only names them, and `--help-all` tells of them.
 */
import type { Command } from "commander";

/** Titles as commander prints them. */
export const detailGroups = {
  load: "Load in detail:",
  handshake: "Handshake:",
  tls: "TLS:",
  generator: "Generator:",
  machines: "Many machines:",
} as const;

const detailed: readonly string[] = Object.values(detailGroups);

/** Whether a group is told of by `--help-all` alone. */
export function isDetail(group: string | undefined): boolean {
  return group !== undefined && detailed.includes(group);
}

/** The word that asks for all of it. */
export const helpAllFlag = "--help-all";

/** What `--help` leaves out, a line a group; empty for a command that has none of it. */
export function detailWords({ options }: Command): string {
  const lines = detailed.flatMap((group) => {
    const flags = options.filter(({ helpGroupHeading, hidden }) => helpGroupHeading === group && !hidden);
    const names = flags.map(({ long, flags: written }) => long ?? written);
    return names.length === 0 ? [] : [`  ${group.padEnd(18)}${names.join(" ")}`];
  });
  return lines.length === 0 ? "" : `More, by ${helpAllFlag}:\n${lines.join("\n")}\n`;
}
