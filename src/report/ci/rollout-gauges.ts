/** What rollouts cost, as gauges in base units. */
import type { RolloutComparison } from "../../results/rollout-comparison-schema.js";
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

const verdicts: readonly RolloutComparison["verdict"][] = ["better", "worse", "equivalent", "inconclusive"];

export function rolloutGauges({ rollouts = [], rolloutComparisons = [] }: RunDocument): Gauge[] {
  return [...billGauges(rollouts), ...comparisonGauges(rolloutComparisons)];
}

function comparisonGauges(comparisons: readonly RolloutComparison[]): Gauge[] {
  const labelsOf = ({ baseline, candidate, reconnect }: RolloutComparison) => ({
    baseline,
    candidate,
    reconnect,
  });
  const difference = (metric: RolloutComparison["metric"], scale: number): Gauge["samples"] =>
    comparisons
      .filter((one) => one.metric === metric)
      .flatMap((one) =>
        Object.entries({ low: one.low, high: one.high }).flatMap(([bound, value]) =>
          value === null ? [] : [{ labels: { ...labelsOf(one), bound }, value: value * scale }],
        ),
      );
  return [
    {
      name: "rollout_lost_difference",
      help: "Clients lost, candidate less baseline: the bounds of the 95 % interval",
      unit: "{client}",
      samples: difference("lost", 1),
    },
    {
      name: "rollout_down_p50_difference_seconds",
      help: "Median time without a connection, candidate less baseline: the bounds of the 95 % interval",
      unit: "s",
      samples: difference("downP50Ms", 1e-3),
    },
    {
      name: "rollout_comparison_verdict",
      help: "1 for the verdict, 0 for the others",
      unit: "1",
      samples: comparisons.flatMap((one) =>
        verdicts.map((verdict) => ({
          labels: { ...labelsOf(one), metric: one.metric, verdict },
          value: Number(verdict === one.verdict),
        })),
      ),
    },
  ];
}

function billGauges(rollouts: readonly Rollout[]): Gauge[] {
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
