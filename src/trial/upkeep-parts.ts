/** How an arm's connections come and go, shared out over the generator's threads. */
import type { UpkeepOrder } from "../load/messages.js";
import { connectionLegsOf } from "../scenario/stages-schema.js";
import type { Workload } from "../scenario/workload.js";

type Going = Pick<Workload, "churn" | "stages">;

/** Whether the number of connections changes with the load's stages. */
export function isStaged({ stages }: Pick<Workload, "stages">): boolean {
  return connectionLegsOf(stages) !== null;
}

/** Whether connections come and go while the load goes on. */
export function comeAndGo(workload: Going): boolean {
  return workload.churn !== null || isStaged(workload);
}

/** Threads that each have a connection at any time. @param threads there are */
export function threadsFor({ stages }: Pick<Workload, "stages">, threads: number): number {
  const legs = connectionLegsOf(stages) ?? [];
  return Math.min(threads, ...legs.flatMap(({ from, to }) => [from, to]));
}

/** @returns null where what is lost stays lost */
export function upkeepOfThread(
  { upkeep, workload }: { readonly upkeep?: UpkeepOrder; readonly workload: Going },
  { index, threads }: { readonly index: number; readonly threads: number },
): UpkeepOrder | null {
  const whole =
    upkeep ?? (comeAndGo(workload) ? { reconnect: "backoff" as const, churn: workload.churn } : null);
  if (whole === null) return null;
  const { churn = null } = whole;
  const legs = connectionLegsOf(workload.stages);
  return {
    ...whole,
    churn: churn?.kind === "rate" ? { ...churn, perS: churn.perS / threads } : churn,
    course: legs === null ? null : { legs, index, threads },
  };
}
