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

type PushResult = z.infer<typeof pushSchema>;

export function toUnaskedResult(record: UnaskedRecord | null): { readonly push?: PushResult } {
  const push = record?.push ?? null;
  if (push === null) return {};
  const { due, sent, delivered, lagNsP99 } = push;
  return {
    push: { due, sent, delivered, reach: due === 0 ? null : delivered / due, lagUsP99: usOf(lagNsP99) },
  };
}

function usOf(valueNs: number | null): number | null {
  return valueNs === null ? null : valueNs / 1e3;
}
