/**
 * A run as GitLab's Code Quality report (`artifacts:reports:codequality`): a JSON array of issues, which a merge
 * request shows beside the lines they are about. An empty array says that all is well.
 */
import { createHash } from "node:crypto";
import type { RunDocument } from "../../results/run-document.js";
import { jsonText } from "../words/json-text.js";
import { type Locate, type Remark, remarksOf } from "./remarks.js";

export function renderCodeQuality(document: RunDocument, locate: Locate): string {
  return codeQualityText(remarksOf(document, locate), document.scenario.name);
}

/** @param name stands for the path of what is about no file of the repository, for every issue has to have one */
export function codeQualityText(remarks: readonly Remark[], name: string): string {
  return jsonText(remarks.map((remark) => issueOf(remark, name)));
}

function issueOf({ level, check, about, title, message, place }: Remark, name: string): object {
  const path = place?.file ?? name;
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
