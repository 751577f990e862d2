/**
 * WebSockets over HTTP/2 through nginx: no version takes one.
 */
import type { H2Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { explainReload } from "./explain-lasting.js";
import type { Reading } from "./reading.js";

export function explainH2(reading: Reading, symptom: H2Symptom): Explanation | null {
  if (symptom.what === "cut-at-reload") return explainReload(reading);
  // The others are troubles of an nginx that announces them, which there is not yet.
  if (symptom.what !== "unannounced") return null;
  const { version } = symptom;
  return {
    cause: `nginx ${version ?? "of no version so far"} takes no WebSocket over HTTP/2, with \`http2 on\` or without, and announces none: an extended CONNECT gets 400 (up to 1.31.3)`,
    cure: "nothing: browsers open WebSockets over HTTP/1.1",
  };
}
