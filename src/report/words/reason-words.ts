/** Why a comparison was not judged, in words; `settling-advice.ts` says what would settle it. */
import { escapeControls } from "../draw/plain-text.js";

const wordsOf: Readonly<Record<string, string>> = {
  "too-few-blocks": "too few blocks for a verdict",
  "lost-trials": "too many trials were lost, or too many of one side",
  "missing-values": "too many trials have no value",
  "not-measured": "it was not measured",
  "offer-not-met": "an arm fell short of the load, so that latencies cannot be compared",
  "no-look-yet": "too few blocks for a first look",
};

/** @param code of `comparisons[].reasons`; one from a newer wsrally stands for itself */
export function reasonWords(code: string): string {
  return wordsOf[code] ?? escapeControls(code);
}
