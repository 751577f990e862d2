/** Has an arm's backend send what the workload wants of it unasked, by the order that its load starts on. */
import { UsageError } from "../base/errors.js";
import { hasUnasked } from "../scenario/unasked.js";
import type { LoadSettings } from "./run-load.js";
import type { LoadWish } from "./trial-settings.js";

/** @throws UsageError where generator and backend have not one clock */
export function orderPushes({ arm, pool, seed }: LoadWish): Pick<LoadSettings, "push"> {
  const { workload } = arm.plan;
  const { push: wish, arrivals } = workload;
  const push = arm.backend?.push ?? null;
  if (hasUnasked(workload) && pool.barrier !== undefined)
    throw new UsageError(
      "Cannot time push or fanout from other machines: their clocks are not the backend's",
    );
  if (wish === null || push === null) return {};
  const asked = { ...wish, arrivals, seed, phase: 0 };
  return {
    push: (order) => {
      const given = order === null ? null : { ...order, ...asked, untilNs: order.sendUntilNs };
      // A backend that has ended is told of by its next report.
      push(given).catch(() => undefined);
    },
  };
}
