/** What rollouts cost, as gauges in base units. */
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Gauge } from "./gauge.js";

/** Name, help, unit, and what is told of a bill; null for nothing. */
type Row = readonly [name: string, help: string, unit: string, of: (rollout: Rollout) => number | null];

const inSeconds = (ms: number | null | undefined): number | null => (ms == null ? null : ms / 1e3);

const rows: readonly Row[] = [
  ["rollout_clients", "Connected when the event came", "{client}", ({ clients }) => clients],
  ["rollout_lost", "Clients that the event cut", "{client}", ({ lost }) => lost.count],
  ["rollout_not_back", "Clients that did not come back", "{client}", ({ reconnects }) => reconnects.notBack],
  ["rollout_replies_lost", "Messages never answered", "{message}", ({ repliesLost }) => repliesLost],
  ["rollout_down_p99_seconds", "Time without a connection", "s", ({ downMs }) => inSeconds(downMs?.p99)],
  [
    "rollout_all_back_seconds",
    "From the event until all were back",
    "s",
    ({ reconnects }) => inSeconds(reconnects.allBackAfterMs),
  ],
  [
    "rollout_worst_burst",
    "Most openings begun in 100 ms",
    "{connection}",
    ({ reconnects }) => reconnects.worstPer100Ms,
  ],
];

export function rolloutGauges({ rollouts = [] }: RunDocument): Gauge[] {
  return rows.map(([name, help, unit, of]) => ({
    name,
    help,
    unit,
    samples: rollouts.flatMap((rollout) => {
      const { arm, event, reconnect, block } = rollout;
      const value = of(rollout);
      return value === null ? [] : [{ labels: { arm, event, reconnect, time: String(block + 1) }, value }];
    }),
  }));
}
