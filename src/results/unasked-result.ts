/** What a trial's backend sent unasked, in the run document: each part absent where the workload has none. */
import { z } from "zod";
import type { UnaskedRecord } from "../trial/unasked-record.js";

const count = z.int().min(0);
/** 1 where all arrived; null where nothing was to. */
const reach = z.number().min(0).max(1).nullable();

/** Of pushes whose instant lay in the measured window. */
export const pushSchema = z.object({
  due: count,
  /** Fewer than fell due where no open connection was left, or would take more. */
  sent: count,
  delivered: count,
  /** `delivered` of `due`. */
  reach,
  /** How late the backend sent them against its schedule, which is part of their latency. */
  lagUsP99: z.number().min(0).nullable(),
});

/** Of messages to rooms whose instant lay in the measured window. */
export const fanoutSchema = z.object({
  due: count,
  /** Fewer than fell due where no member of the room was open to send. */
  sent: count,
  /** One for each member of the rooms that they were sent to, whether or not its connection still stood. */
  expected: count,
  /** Of these, what came, each once. */
  delivered: count,
  /** `delivered` of `expected`. */
  reach,
});

interface UnaskedResult {
  readonly push?: z.infer<typeof pushSchema>;
  readonly fanout?: z.infer<typeof fanoutSchema>;
}

export function toUnaskedResult(record: UnaskedRecord | null): UnaskedResult {
  const { push = null, fanout = null } = record ?? {};
  return {
    ...(push === null ? {} : { push: toPushResult(push) }),
    ...(fanout === null ? {} : { fanout: { ...fanout, reach: shareOf(fanout.delivered, fanout.expected) } }),
  };
}

function toPushResult({
  lagNsP99,
  ...counts
}: NonNullable<UnaskedRecord["push"]>): z.infer<typeof pushSchema> {
  return { ...counts, reach: shareOf(counts.delivered, counts.due), lagUsP99: usOf(lagNsP99) };
}

function shareOf(part: number, of: number): number | null {
  return of === 0 ? null : part / of;
}

function usOf(valueNs: number | null): number | null {
  return valueNs === null ? null : valueNs / 1e3;
}
