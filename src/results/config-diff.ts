/**
 * Two configs' files against each other, as unified diffs without their secrets.
 */
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import { maskText } from "../base/mask-secrets.js";
import type { NamedFiles } from "../proxy/driver.js";
import { drivers } from "../proxy/drivers.js";
import type { ProxyKind } from "../scenario/proxy-kind.js";

/** A config with its files, and how its user calls the folder they are in. */
export interface ConfigSide {
  readonly files: NamedFiles;
  /** The config as named: `origin/main:deploy/nginx.conf`. */
  readonly shown: string;
  /** Whose language they are in. */
  readonly proxy: ProxyKind;
}

interface ConfigDiff {
  /** One of every file that differs, is new, or is gone. */
  readonly diff: { readonly file: string; readonly patch: string }[];
  /** Files that are no config and differ: told by name alone, for they may be keys. */
  readonly otherFiles: string[];
}

const contextLines = 3;

/** Files are paired by their path from the config's folder; the two configs themselves are one pair. */
export function configDiff(baseline: ConfigSide, candidate: ConfigSide): ConfigDiff {
  const [before, after] = [textsOf(baseline), textsOf(candidate)];
  const diff = [...new Set([...before.keys(), ...after.keys()])].flatMap((file) => {
    const [old, now] = [before.get(file), after.get(file)];
    if (old?.text === now?.text) return [];
    return [{ file: now?.shown ?? old?.shown ?? file, patch: patchOf(old, now) }];
  });
  const others = [...new Set([...baseline.files.others.keys(), ...candidate.files.others.keys()])];
  const otherFiles = others.filter((name) => {
    const [old, now] = [baseline.files.others.get(name), candidate.files.others.get(name)];
    return old === undefined || now === undefined || !old.equals(now);
  });
  return { diff, otherFiles };
}

/** Made of the lines as they are, so that a secret that changed shows as a line that did, and shown without secrets. */
function patchOf(old: ShownText | undefined, now: ShownText | undefined): string {
  const patch = structuredPatch(
    old?.shown ?? "/dev/null",
    now?.shown ?? "/dev/null",
    old?.text ?? "",
    now?.text ?? "",
    undefined,
    undefined,
    { context: contextLines },
  );
  const [before, after] = [old, now].map((side) => (side === undefined ? [] : shownLines(side)));
  const hunks = patch.hunks.map((hunk) => {
    let [oldLine, newLine] = [hunk.oldStart - 1, hunk.newStart - 1];
    const lines = hunk.lines.map((line) => {
      const [sign = ""] = line;
      if (sign === "\\") return line;
      const shown = sign === "-" ? before?.[oldLine] : after?.[newLine];
      if (sign !== "+") oldLine++;
      if (sign !== "-") newLine++;
      return `${sign}${shown ?? ""}`;
    });
    return { ...hunk, lines };
  });
  return formatPatch({ ...patch, hunks }, FILE_HEADERS_ONLY);
}

function shownLines({ text, proxy }: ShownText): string[] {
  const mask = drivers[proxy].configs?.mask ?? maskText;
  return mask(text).split("\n");
}

interface ShownText {
  readonly text: string;
  readonly shown: string;
  readonly proxy: ProxyKind;
}

/** By path from the config's folder; the config itself, whatever its name, by an empty one. */
function textsOf({ files, shown, proxy }: ConfigSide): Map<string, ShownText> {
  const folder = shown.replace(/[^/:]*$/, "");
  return new Map(
    [...files.configs].map(([name, text], index) =>
      index === 0 ? ["", { text, shown, proxy }] : [name, { text, shown: `${folder}${name}`, proxy }],
    ),
  );
}
