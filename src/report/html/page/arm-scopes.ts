/** Groups of arms that are drawn together: those that ran under one load, so that colours need not tell many apart. */
import type { ReportData } from "../report-data.js";

export interface ArmScope {
  /** Empty when all arms ran under one load. */
  readonly name: string;
  /** Places in the data's `arms`. */
  readonly arms: readonly number[];
}

export function armScopes({ arms }: ReportData): ArmScope[] {
  const groups = [...new Set(arms.map(({ group }) => group))];
  return groups.map((name) => ({
    name: groups.length === 1 ? "" : name === "" ? "no group" : name,
    arms: arms.flatMap(({ group }, i) => (group === name ? [i] : [])),
  }));
}
