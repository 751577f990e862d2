/**
 * From what the checks found to a report's findings: every id in the order of the list, and no id both well and not.
 */
import { type Finding, findingIds, notTested } from "../diagnosis/finding.js";

/** @param why nothing was said about those that are missing */
export function completeFindings(findings: readonly Finding[], why: string): Finding[] {
  return findingIds.flatMap((id) => {
    const found = findings.filter((finding) => finding.id === id);
    return found.length === 0 ? [notTested(id, why)] : settled(found);
  });
}

/** A check and the config itself may both speak of a thing: trouble goes before notes, and those before what is well. */
function settled(found: readonly Finding[]): readonly Finding[] {
  const wellSeen = found.filter(({ status, cause }) => status === "ok" && cause === null);
  const notes = found.filter(({ status, cause }) => status === "ok" && cause !== null);
  const troubles = found.filter(({ status }) => status === "fault" || status === "warning");
  const evidence = wellSeen.flatMap((one) => one.evidence);
  if (troubles.length > 0) return [...troubles, ...notes];
  const [first, ...others] = notes;
  if (first !== undefined) return [{ ...first, evidence: [...evidence, ...first.evidence] }, ...others];
  const [well] = wellSeen;
  if (well !== undefined) return [{ ...well, evidence }];
  return found.slice(0, 1);
}
