/** What the arms were held to: each SLO with the value it was judged by, the missed ones first. */
import type { RunDocument } from "../../results/run-document.js";
import type { SloResult } from "../../results/slo-schema.js";
import { valuesToTell } from "../../scenario/messages-needed.js";
import { asSloPercentile } from "../../scenario/slo-metric.js";
import { messagesOf } from "../../trial/plan-trial.js";
import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import {
  absent,
  formatBytes,
  formatCount,
  formatNumberOf,
  formatPercent,
  formatPerS,
  formatUs,
} from "../words/format.js";
import { heading, legendText } from "../words/words.js";

type Status = SloResult["status"];

const order: readonly Status[] = ["missed", "unknown", "met"];
const styles: Readonly<Record<Status, Style>> = { missed: "red", unknown: "yellow", met: "green" };

export function renderSlos({ slo = [] }: RunDocument, page: Page): string[] {
  if (slo.length === 0) return [];
  const sorted = order.flatMap((status) => slo.filter((one) => one.status === status));
  const unknown = sorted.filter(({ status }) => status === "unknown");
  return [
    ...heading("SLOs", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "arm", align: "left", grouped: true },
          { title: "SLO", align: "left" },
          { title: "median", align: "right" },
          { title: "95 % interval", align: "right", keep: 1 },
          { title: "trials", align: "right", keep: 0 },
        ],
        rows: sorted.map((one) => ({
          cells: [
            { text: one.status, style: styles[one.status] },
            escapeControls(one.arm),
            escapeControls(one.expression),
            sloValue(one.value, one),
            one.low === null ? absent : `${sloValue(one.low, one)} to ${sloValue(one.high, one)}`,
            formatCount(one.trials),
          ],
        })),
      },
      page,
    ),
    ...unknown.flatMap((one) =>
      wrapText(
        `${escapeControls(one.arm)}: ${escapeControls(one.expression)}: ${whyUnknown(one)}`,
        page.width,
        {
          first: 2,
          rest: 4,
        },
      ),
    ),
    ...legendText("Met or missed: the 95 % interval of the trials' median lies wholly on that side.", page),
  ];
}

/** Why nothing can be said; empty for one that was judged. */
export function whyUnknown({ reason, trials, metric }: SloResult): string {
  switch (reason) {
    case null:
      return "";
    case "not-measured":
      return "was not measured";
    case "too-few-messages":
      return tooFewWords(metric);
    case "too-few-trials":
      return `${formatNumberOf(trials, "trial")} are too few; 6 give an interval`;
    case "too-close":
      return "the interval holds the limit: too close to tell";
    case "lost-trials":
      return "too many trials are out of the comparison";
    case "missing-values":
      return "too many trials have no value: more messages a trial (--duration, --rate) give one";
  }
}

function tooFewWords(metric: string): string {
  const found = asSloPercentile(metric);
  if (found === null) return "the trials have too few messages";
  const { series, quantile } = found;
  const needed = formatCount(messagesOf(series) * valuesToTell(quantile));
  const percentile = `p${Number((quantile * 100).toPrecision(4))}`;
  return messagesOf(series) === 0
    ? `too few connections in a trial: a ${percentile} takes ${formatCount(valuesToTell(quantile))} of them (--connections)`
    : `too few messages in a trial: a ${percentile} takes ${needed} of them (--duration, --rate)`;
}

/** A value in the words of its unit. */
export function sloValue(value: number | null, { unit }: Pick<SloResult, "unit">): string {
  if (value === null) return absent;
  switch (unit) {
    case "us":
      return formatUs(value);
    case "perS":
      return `${formatPerS(value)}/s`;
    case "bytes":
      return formatBytes(value);
    case "share":
      return formatPercent(value);
    case "count":
      return formatCount(value);
  }
}
