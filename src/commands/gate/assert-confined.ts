/**
 * The gate's last look before a config is read or run: whoever wrote it, it is held to the folders it may be read from.
 */
import { type ArmTarget, isConfigured } from "../../scenario/arm.js";

/** @throws RangeError for an arm that was given no folders, which is a fault of ours */
export function assertConfined(arms: readonly { readonly name: string; readonly target: ArmTarget }[]): void {
  const open = arms.find(({ target }) => isConfigured(target) && target.confinedTo === null);
  if (open !== undefined) throw new RangeError(`A gate must not run the config of ${open.name} unconfined`);
}
