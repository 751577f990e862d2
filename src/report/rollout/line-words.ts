/**
 * What a line between clients and proxy did to them, and what of the dead the proxy kept, in words.
 */
import type { Rollout } from "../../results/rollout-schema.js";
import { formatBytes, formatCount, formatDelay, formatPercent, formatUs } from "../words/format.js";

type Line = NonNullable<Rollout["line"]>;
type Weather = NonNullable<Line["bad"]>;

/** Behind the event's name: `of 20 ms each way`. */
export function weatherWords(event: Rollout["event"], weather: Weather): string {
  return event === "loss"
    ? `(${formatPercent(weather.lossShare)} each way) for ${formatMs(weather.lastsMs)}`
    : `of ${formatDelay(weather)} each way for ${formatMs(weather.lastsMs)}`;
}

/** All that a line has to say of a rollout, a clause each. */
export function lineWords({ line, deadPeers, watchedMs, latencyUs: { before, during } }: Rollout): string[] {
  const words: string[] = [];
  if (deadPeers != null) words.push(deadPeerWords(deadPeers, watchedMs));
  if (line == null) return words;
  if (line.bad !== null) {
    if (before.p50 !== null && during.p50 !== null)
      words.push(`p50 went from ${formatUs(before.p50)} to ${formatUs(during.p50)}`);
    if (before.p99 !== null && during.p99 !== null)
      words.push(`p99 from ${formatUs(before.p99)} to ${formatUs(during.p99)}`);
  }
  const { delayMs, lossShare } = line.usual;
  const standing = [
    ...(delayMs > 0 ? [`clients were ${formatDelay(line.usual)} away`] : []),
    ...(lossShare > 0 ? [`${formatPercent(lossShare)} of packets were lost throughout`] : []),
  ];
  return [...words, ...standing, ...(line.isLimit ? [limitWords(line)] : [])];
}

/** `the line between them was itself the limit: it was 3 ms late at its p99, and lost 20 packets that it had no time for`. */
function limitWords({ lateUs, packets }: Line): string {
  const late = lateUs.p99 === null ? [] : [`was ${formatUs(lateUs.p99)} late at its p99`];
  const lost =
    packets.overflowed === 0
      ? []
      : [`lost ${formatCount(packets.overflowed)} packets that it had no time for`];
  return `the line between them was itself the limit: it ${[...late, ...lost].join(", and ")}`;
}

/** `the proxy still keeps 50 of 50 dead after 10 s, which take 30 KiB of its memory each`. */
function deadPeerWords(
  { count, kept, firstGoneMs, allGoneMs, rssBytesEach }: NonNullable<Rollout["deadPeers"]>,
  watchedMs: number,
): string {
  if (count === 0) return "none of the others was still there to die";
  const memory = rssBytesEach === null ? "" : `, which take ${formatBytes(rssBytesEach)} of its memory each`;
  const first = firstGoneMs === null ? "" : `, the first gone ${formatMs(firstGoneMs)} after it`;
  return allGoneMs === null
    ? `the proxy still keeps ${formatCount(kept)} of ${formatCount(count)} dead after ${formatMs(watchedMs)}${memory}${first}`
    : `the proxy kept its ${formatCount(count)} dead${memory === "" ? "" : `${memory},`} for ${formatMs(allGoneMs)}`;
}

function formatMs(ms: number): string {
  return formatUs(ms * 1e3);
}
