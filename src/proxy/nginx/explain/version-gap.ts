/**
 * What an nginx refuses because it is too old or too new for it: its own words are those for what is misspelt.
 */

import { type HistoryEntry, nginxHistory, variablesSince, withoutWord } from "../language/nginx-history.js";
import { type Directive, rewrite } from "../language/nginx-tree.js";
import { isAtLeast } from "./nginx-versions.js";
import { directivesRefused, type Placed } from "./refused-place.js";

export interface VersionGap {
  /** "`http2`", or "`resolve` of `server`" */
  readonly what: string;
  readonly since: string | null;
  readonly until: string | null;
  /** What to do, as a cure. */
  readonly instead: string;
  /** Null for a variable, which may stand anywhere. */
  readonly entry: HistoryEntry | null;
}

/** Null when what is refused has nothing to do with the version. */
export function versionGap(words: string, tree: readonly Directive[], version: string): VersionGap | null {
  const [, variable = ""] = /unknown "(\w+)" variable/.exec(words) ?? [];
  const since = variablesSince[variable];
  if (since !== undefined && !isAtLeast(version, since)) {
    const instead = "leave the variable out, or use a newer nginx";
    return { what: `\`$${variable}\``, since, until: null, instead, entry: null };
  }
  for (const placed of directivesRefused(tree, words)) {
    const entry = nginxHistory.find((one) => isMissing(one, version) && isAbout(one, placed, words));
    if (entry === undefined) continue;
    const word = wordOf(entry, placed.node);
    const within = entry.within === undefined ? "" : ` in ${entry.within} { }`;
    const what = `${word === null ? "" : `\`${word}\` of `}\`${entry.directive}\`${within}`;
    const { since = null, until = null } = entry;
    return { what, since, until, instead: insteadOf(entry, placed), entry };
  }
  return null;
}

/** "`http2` came with nginx 1.25.1, and this is 1.22.1" */
export function gapWords({ what, since, until }: VersionGap, version: string): string {
  const event = since === null ? `was taken out in nginx ${until}` : `came with nginx ${since}`;
  return `${what} ${event}, and this is ${version}`;
}

/** As lines of the config itself: the one without the word, or the listens that say the same on another version. */
function insteadOf({ instead, listenWord, word }: HistoryEntry, { node, path }: Placed): string {
  if (instead === withoutWord) {
    const kept = node.args.filter((arg) => word?.test(arg) !== true);
    return `${instead}:\n${[node.name, ...kept].join(" ")};`;
  }
  if (listenWord === undefined) return instead;
  if (node.args[0] === "off") return "take the line out: it is off by itself";
  const listens = (path.at(-1)?.block ?? []).filter(
    ({ name, args }) => name === "listen" && !args.includes("quic"),
  );
  const written = listens.map(({ args }) => args);
  const lines = (written.length === 0 ? [["443", "ssl"]] : written).map(
    (args) => `listen ${[...new Set([...args, listenWord])].join(" ")};`,
  );
  return `${instead}: in place of the line\n${lines.join("\n")}`;
}

function isMissing({ since, until }: HistoryEntry, version: string): boolean {
  return (
    (since !== undefined && !isAtLeast(version, since)) || (until !== undefined && isAtLeast(version, until))
  );
}

function isAbout(entry: HistoryEntry, { node, path }: Placed, words: string): boolean {
  if (entry.directive !== node.name) return false;
  if (entry.within !== undefined && path.at(-1)?.name !== entry.within) return false;
  if (entry.word === undefined) return words.includes(`"${node.name}"`);
  const word = wordOf(entry, node);
  // nginx names the word, or the directive that has one too many.
  return word !== null && (words.includes(`"${word}`) || words.includes(`"${node.name}"`));
}

function wordOf({ word }: HistoryEntry, { args }: Directive): string | null {
  return word === undefined ? null : (args.find((arg) => word.test(arg)) ?? null);
}

/** The tree without what a WebSocket never meets; null where the entry is something that it does. */
export function withoutEntry(
  tree: readonly Directive[],
  { directive, word, within, isNeverMet }: HistoryEntry,
): Directive[] | null {
  if (isNeverMet !== true) return null;
  return rewrite(tree, (node, path) => {
    if (node.name !== directive || (within !== undefined && path.at(-1)?.name !== within)) return [node];
    return word === undefined ? [] : [{ ...node, args: node.args.filter((arg) => !word.test(arg)) }];
  });
}
