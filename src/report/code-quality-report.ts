/**
 * A run as GitLab's Code Quality report (`artifacts:reports:codequality`): a JSON array of issues, which a merge
 * request shows beside the lines they are about. An empty array says that all is well.
 */
import { createHash } from "node:crypto";
import type { RunDocument } from "../results/run-document.js";
import { jsonText } from "./json-text.js";
import { type Locate, type Remark, remarksOf } from "./remarks.js";

export function renderCodeQuality(document: RunDocument, locate: Locate): string {
  return jsonText(remarksOf(document, locate).map((remark) => issueOf(remark, document)));
}

function issueOf({ level, check, about, title, message, place }: Remark, { scenario }: RunDocument): object {
  // Every issue has to have a path; what is about no file of the repository goes by its scenario.
  const path = place?.file ?? scenario.name;
  return {
    description: `${title}: ${message}`,
    check_name: `wsrally/${check}`,
    // From run to run the same for the same trouble, on whichever line: so GitLab tells what is new.
    fingerprint: createHash("sha256")
      .update(JSON.stringify([check, about, path]))
      .digest("hex"),
    severity: level === "error" ? "major" : "minor",
    location: { path, lines: { begin: place?.line ?? 1 } },
  };
}
