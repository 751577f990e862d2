/**
 * The shape of an arm's load, made ready once: files read, texts parsed.
 */
import { parseCsv } from "../base/csv.js";
import { messageOf, UsageError } from "../base/errors.js";
import { readSmallFile } from "../base/read-small-file.js";
import { type LoadShape, plainShape, type Sizes } from "../load/shape/load-shape.js";
import { readHar } from "../scenario/replay/read-har.js";
import { leastSize, mostSize, readSizeText, type SizeSpec, sizeWords } from "../scenario/sizes.js";
import { meanOf } from "../scenario/stages.js";
import { rateLegsOf } from "../scenario/stages-schema.js";
import { toldStages } from "../scenario/told-stages.js";
import type { Workload } from "../scenario/workload.js";

/** @throws UsageError for a file that cannot be read, or holds something else */
export function readOwnShape({
  message,
  stages,
  think,
}: Pick<Workload, "message" | "stages" | "think">): LoadShape {
  const legs = rateLegsOf(stages ?? []);
  return {
    ...plainShape,
    sizes: message.kind === "sized" ? readSizes(message) : null,
    savedPercent: message.kind === "sized" ? message.savedPercent : 0,
    think,
    stageEndsS: toldStages(stages).map(({ fromS, forS }) => fromS + forS),
    replay: message.kind === "replayed" ? readHar(message.file) : null,
    rateLegs: legs === null ? null : { legs, ratePerS: meanOf(legs), fromStart: false },
  };
}

function readSizes({ up, down }: { readonly up: string; readonly down: string | null }): Sizes {
  return { up: readSpec(up), down: down === null ? null : readSpec(down) };
}

function readSpec(text: string): SizeSpec {
  const spec = readSizeText(text);
  if (spec === null) throw new UsageError(`Cannot use the sizes ${text}: ${sizeWords}`);
  return spec.kind === "file" ? readSizeFile(spec.file) : spec;
}

/** A size a line, or a size and how often it was counted; what a line of words above them says is of no interest. */
function readSizeFile(file: string): SizeSpec {
  let text: string;
  try {
    text = readSmallFile(file).toString("utf8");
  } catch (thrown) {
    throw new UsageError(`Cannot read the sizes ${file}: ${messageOf(thrown)}`);
  }
  const lines = parseCsv(text) ?? [];
  const rows = lines.slice(/^\s*\d/.test(lines[0]?.[0] ?? "") ? 0 : 1);
  const sizes = rows.map(([size = ""]) => Number(size));
  const counts = rows.map(([, count = "1"]) => Number(count));
  const wrong = rows.findIndex((row, at) => row.length > 2 || !isSize(sizes[at]) || !isCount(counts[at]));
  if (wrong !== -1 || counts.every((count) => count === 0)) {
    const found = wrong === -1 ? "it has none" : `it has ${JSON.stringify(rows[wrong]?.join(","))}`;
    throw new UsageError(
      `Cannot use the sizes ${file}: ${found}; want lines with a size of 0 to ${mostSize} bytes, or size,count`,
    );
  }
  return { kind: "counted", sizes: sizes.map((size) => Math.max(leastSize, size)), counts };
}

function isSize(size: number | undefined): boolean {
  return size !== undefined && Number.isInteger(size) && size >= 0 && size <= mostSize;
}

function isCount(count: number | undefined): boolean {
  return count !== undefined && Number.isFinite(count) && count >= 0;
}
