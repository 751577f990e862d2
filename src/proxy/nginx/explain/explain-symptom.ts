/**
 * From what a check saw to the directives that make it so.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { lastingExplainers } from "./lasting-explainers.js";
import { openingExplainers } from "./opening-explainers.js";
import type { Explainers, Reading } from "./reading.js";

const explainers: Explainers = { ...openingExplainers, ...lastingExplainers };

/** Null where the config has no part in it. */
export function explainSymptom(reading: Reading, symptom: Symptom): Explanation | null {
  // Its own function is what its kind was looked up by.
  const explain = explainers[symptom.kind] as
    | ((reading: Reading, symptom: Symptom) => Explanation | null)
    | undefined;
  return explain?.(reading, symptom) ?? null;
}
