/** An arm behind somebody else's proxy into the document, as it is found and trial by trial. */
import { sumOfOthers } from "../backend/backend-counts.js";
import { behindText } from "../scenario/behind.js";
import type { PreparedArm } from "../trial/prepare-arms.js";
import type { TrialRecord } from "../trial/trial-record.js";
import type { BehindResult } from "./behind-schema.js";

interface MayBeBehind {
  readonly behind?: BehindResult | undefined;
}

export function toBehindResult({ behind }: Pick<PreparedArm, "behind">): MayBeBehind {
  if (behind === null) return {};
  const { addresses, ticket } = behind;
  return {
    behind: { addresses: addresses.map(behindText), reached: true, tokenIn: ticket.place },
  };
}

/** With what others sent during one trial more. */
export function withOthers<Arm extends MayBeBehind>(arm: Arm, { others }: Pick<TrialRecord, "others">): Arm {
  if (arm.behind === undefined || others === null) return arm;
  const before = arm.behind.others === undefined ? [] : [arm.behind.others];
  return { ...arm, behind: { ...arm.behind, others: sumOfOthers([...before, others]) } };
}
