/** A probe as gauges: one for each finding that was looked at. */
import type { ProbeDocument } from "../../results/probe-document.js";
import type { Gauge } from "../ci/gauge.js";
import { escapeControls } from "../draw/plain-text.js";

export function probeGauges({ arm, findings }: ProbeDocument): Gauge[] {
  const looked = findings.filter(({ status }) => status !== "not-tested");
  return [
    {
      name: "wsrally_finding",
      help: "1 for how each finding of the probe stands, and whose matter it is; none for what was not tested",
      unit: "1",
      samples: looked.map(({ id, status, side }) => ({
        labels: { arm: escapeControls(arm.name), finding: id, status, side },
        value: 1,
      })),
    },
  ];
}
