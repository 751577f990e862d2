/** That configs were changed to be run here, in a line: what was changed is listed for who asks. */
import { formatNumberOf } from "../report/words/format.js";

interface Changed {
  readonly name: string;
  readonly changes: readonly string[];
}

/**
 * `old: 6 changes to run here, new: 7 (--explain lists them)`; null where nothing was changed.
 * @param flag that lists them
 */
export function changesNote(arms: readonly Changed[], flag: "--explain" | "--full"): string | null {
  const changed = arms.filter(({ changes }) => changes.length > 0);
  const said = changed.map(({ name, changes }, at) =>
    at === 0
      ? `${name}: ${formatNumberOf(changes.length, "change")} to run here`
      : `${name}: ${changes.length}`,
  );
  return said.length === 0 ? null : `${said.join(", ")} (${flag} lists them)`;
}
