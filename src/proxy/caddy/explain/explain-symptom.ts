/**
 * From what a check saw to the directives that make it so.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigView } from "./config-view.js";

/** Null where the config has no part in it. */
export function explainSymptom(_view: ConfigView, _symptom: Symptom): Explanation | null {
  return null;
}
