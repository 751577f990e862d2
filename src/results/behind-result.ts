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
  const others = { websockets: 0, otherRequests: 0, messages: 0 };
  return {
    behind: { addresses: addresses.map(behindText), reached: true, tokenIn: ticket.place, others },
  };
}

/** With what others sent during one trial more. */
export function withOthers<Arm extends MayBeBehind>(arm: Arm, { others }: Pick<TrialRecord, "others">): Arm {
  if (arm.behind === undefined || others === null) return arm;
  return { ...arm, behind: { ...arm.behind, others: sumOfOthers([arm.behind.others, others]) } };
}
