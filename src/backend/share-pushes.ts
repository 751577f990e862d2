/** Several processes' pushes on one schedule: each has the share of the connections that are open at it. */
import type { Backend } from "./backend-process.js";
import type { BackendReport } from "./messages.js";
import type { PushOrder } from "./push-order.js";

type Member = Pick<Backend, "push" | "report">;
type Push = NonNullable<Backend["push"]>;

/** Null where one of them only answers. */
export function sharedPush(members: readonly Member[]): Backend["push"] {
  const pushes = members.flatMap(({ push }) => push ?? []);
  if (pushes.length < members.length) return null;
  const [only] = pushes;
  if (only !== undefined && pushes.length === 1) return only;
  return async (order) => {
    if (order === null) await Promise.all(pushes.map((push) => push(null)));
    else await share(order, pushes, await Promise.all(members.map((member) => member.report())));
  };
}

async function share(
  order: PushOrder,
  pushes: readonly Push[],
  reports: readonly BackendReport[],
): Promise<void> {
  const open = reports.map(({ counts }) => counts?.open ?? 0);
  const all = open.reduce((sum, one) => sum + one, 0);
  await Promise.all(
    pushes.map(async (push, index) => {
      const here = open[index] ?? 0;
      const part = { phase: index / pushes.length, seed: order.seed + index };
      if (here > 0) await push({ ...order, ...part, ratePerS: (order.ratePerS * here) / all });
    }),
  );
}
