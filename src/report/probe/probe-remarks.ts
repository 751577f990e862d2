/** What a probe has to say about single lines of the config: its faults and warnings. */
import type { ProbeDocument } from "../../results/probe-document.js";
import { firstLineOf, type Locate, placeNamed, type Remark } from "../ci/remarks.js";
import { escapeControls } from "../draw/plain-text.js";
import { having, type ShownFinding } from "./probe-words.js";

/** The faults first. */
export function probeRemarks({ arm, findings }: ProbeDocument, locate: Locate): Remark[] {
  return (["fault", "warning"] as const).flatMap((status) =>
    having(findings, status).map((finding) => remarkOf(finding, arm, locate)),
  );
}

function remarkOf(
  { id, status, title, evidence, cause, cure }: ShownFinding,
  arm: ProbeDocument["arm"],
  locate: Locate,
): Remark {
  const message = [
    ...evidence,
    ...(cause === null ? [] : [`cause: ${cause}`]),
    ...(cure === null ? [] : [`cure: ${cure}`]),
  ].join("\n");
  return {
    level: status === "fault" ? "error" : "warning",
    check: id,
    about: arm.name,
    title: escapeControls(`wsrally: ${title}`),
    message: message.split("\n").map(escapeControls).join("\n"),
    place: placeNamed([cure, cause, ...evidence], locate) ?? firstLineOf(arm.arm, locate),
  };
}
