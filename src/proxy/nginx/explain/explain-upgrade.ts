/**
 * Why Upgrade or Connection did not reach the backend, told from the config and from what the backend got instead.
 */

import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, placeOf, walk, written } from "../language/nginx-tree.js";
import { type ConfigView, hopWords, viewsBehind } from "./config-view.js";
import { explainUpgradeValues, type LostUpgrade } from "./explain-upgrade-values.js";
import { upgradeLines } from "./nginx-versions.js";
import type { Reading } from "./reading.js";
import { whyNotTaken } from "./why-not-taken.js";

const hopByHop =
  "nginx passes neither Upgrade nor Connection on unless it is told to: both are hop-by-hop headers";

export function explainLostUpgrade({ view: first, path, version }: Reading, lost: LostUpgrade): Explanation {
  const view = viewThatLoses(first, path);
  const lines = upgradeLines(version);
  const cure = `${view.whereHeaders}:\n${lines}`;
  const headers = view.effective("proxy_set_header");
  const upgrade = headerNamed(headers, "upgrade");
  const connection = headerNamed(headers, "connection");
  if (upgrade !== undefined && connection !== undefined)
    return explainUpgradeValues({ upgrade, connection, view }, lost);
  if (upgrade !== undefined) {
    return {
      cause: `${placeOf(upgrade.origin)} sets Upgrade, but nothing sets Connection, which nginx sends as its own`,
      cure: `${view.whereHeaders}:\nproxy_set_header Connection "upgrade";`,
    };
  }
  const shadowed = shadowedHeader(view);
  if (shadowed !== null && headers.length > 0) {
    return {
      cause:
        `Upgrade is set at ${placeOf(shadowed.origin)}, but ${placeOf(headers[0]?.origin ?? null)} sets headers of its ` +
        "own: a block with any proxy_set_header inherits none from the blocks around it",
      cure: `repeat them in ${view.where}:\n${lines}`,
    };
  }
  const elsewhere = otherLocation(view, path);
  if (elsewhere !== null) return explainElsewhere(view, elsewhere, { path, lines });
  return { cause: [...hopWords(view), hopByHop].join("; "), cure };
}

/** Of the servers on the way the first that does not set both headers. */
function viewThatLoses(first: ConfigView, path: string): ConfigView {
  const isComplete = (view: ConfigView): boolean => {
    const headers = view.effective("proxy_set_header");
    return headerNamed(headers, "upgrade") !== undefined && headerNamed(headers, "connection") !== undefined;
  };
  return [first, ...viewsBehind(first, path)].find((view) => !isComplete(view)) ?? first;
}

function explainElsewhere(
  view: ConfigView,
  elsewhere: Directive,
  { path, lines }: { readonly path: string; readonly lines: string },
): Explanation {
  const there = written(elsewhere);
  if (view.hops.some(({ by }) => elsewhere.block?.includes(by))) {
    return {
      cause:
        `${hopWords(view).join("; ")}, and nginx takes proxy_set_header from there: Upgrade, which is set in ${there}, ` +
        "has no effect on it",
      cure: `${view.whereHeaders}:\n${lines}`,
    };
  }
  const why = whyNotTaken(view, elsewhere, path);
  const handed = hopWords(view);
  return {
    cause: `${handed.length > 0 ? handed.join("; ") : `${view.where} serves this path`}, and Upgrade is set in ${there}, which ${why ?? "does not"}`,
    cure: `${why === null ? "ask for a path of that location" : "let that location take the path"}, or in ${view.where}:\n${lines}`,
  };
}

/** An Upgrade of an outer block that the innermost block with headers does not repeat. */
function shadowedHeader({ scopes }: ConfigView): Directive | null {
  for (const { block } of scopes) {
    const found = headerNamed(
      (block ?? []).filter(({ name }) => name === "proxy_set_header"),
      "upgrade",
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** The one that seems meant: what handed the request on, else what would take the path, else the first. */
function otherLocation(view: ConfigView, path: string): Directive | null {
  const { server, locations, hops } = view;
  const others = [...walk(server === null ? [] : [server])].flatMap(({ node, path: around }) => {
    const isUpgrade = node.name === "proxy_set_header" && node.args[0]?.toLowerCase() === "upgrade";
    const location = around.findLast(({ name }) => name === "location");
    return isUpgrade && location !== undefined && !locations.includes(location) ? [location] : [];
  });
  const handsOn = ({ block }: Directive): boolean => hops.some(({ by }) => block?.includes(by));
  const fits = (location: Directive): boolean => whyNotTaken(view, location, path) !== null;
  return others.find(handsOn) ?? others.find(fits) ?? others[0] ?? null;
}

export function headerNamed(headers: readonly Directive[], name: string): Directive | undefined {
  return headers.findLast(({ args }) => args[0]?.toLowerCase() === name);
}
