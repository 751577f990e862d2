/**
 * Why a plain request arrives as an upgrade: a location that hard-codes Upgrade turns every request into one, which does
 * WebSockets no harm and pages a lot.
 */
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, written } from "../language/nginx-tree.js";
import { locationMatch } from "../route/select-location.js";
import { headerNamed } from "./explain-upgrade.js";
import type { Reading } from "./reading.js";

/** Mild where no page is below the location. */
export function explainPlainUpgraded({ view }: Reading): Explanation {
  const set = headerNamed(view.effective("proxy_set_header"), "upgrade");
  const isCatchAll = takesAnyPath(view.locations.at(-1));
  const line = set === undefined ? "Upgrade is set" : `${written(set)} is set`;
  return {
    isMild: !isCatchAll,
    cause: `${line} whatever the client asks; WebSockets work, ${isCatchAll ? "pages below the same location break" : "a page below this path would not"}`,
    cure:
      "the first in http, the others in place of these lines:\n" +
      "map $http_upgrade $connection_upgrade { default upgrade; '' close; }\n" +
      "proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
  };
}

function takesAnyPath(location: Directive | undefined): boolean {
  if (location === undefined) return false;
  const { kind, text } = locationMatch(location);
  return (kind === "prefix" && text === "/") || (kind === "pattern" && /^\^?\/$/.test(text));
}
