/** A first scenario file. */
import { Document } from "yaml";
import { UsageError } from "../../base/errors.js";
import { withParsedArms } from "../../scenario/parse-arms.js";
import { parseScenario } from "../../scenario/parse-scenario.js";
import { resolveHere } from "../resolve-here.js";
import type { Answers } from "./answers.js";

/** @param file names it in its own first lines @throws UsageError for answers that make no scenario together */
export function scenarioText({ arms, slo, ...amounts }: Answers, file: string): string {
  const workload = Object.fromEntries(
    Object.entries(amounts).flatMap(([key, value]) => (value === null ? [] : [[key, plainNumber(value)]])),
  );
  const document = new Document({
    ...(Object.keys(workload).length === 0 ? {} : { workload }),
    arms,
    ...(slo === null ? {} : { slo: [slo] }),
  });
  document.commentBefore = [
    " yaml-language-server: $schema=node_modules/wsrally/schemas/scenario.schema.json",
    ` wsrally run ${file === "-" ? "FILE" : file} --dry-run says what it comes to; the first arm is the baseline.`,
  ].join("\n");
  const text = document.toString({ lineWidth: 0 });
  assertRuns(text, file);
  return text;
}

/** `5000` stands as a number, `5k` as it is. */
function plainNumber(text: string): string | number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** By the reader that `wsrally run` has; configs need not be there yet. */
function assertRuns(text: string, file: string): void {
  try {
    resolveHere(
      withParsedArms(parseScenario(text, file), (config) => config),
      { name: "init", overrides: {} },
    );
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`Cannot make a scenario of this:\n${thrown.message}`);
  }
}
