/**
 * Two configs' files against each other, as unified diffs.
 */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { NamedFiles } from "../proxy/driver.js";

/** A config with its files, and how its user calls the folder they are in. */
export interface ConfigSide {
  readonly files: NamedFiles;
  /** The config as named: `origin/main:deploy/nginx.conf`. */
  readonly shown: string;
}

export interface ConfigDiff {
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
    const patch = createTwoFilesPatch(
      old?.shown ?? "/dev/null",
      now?.shown ?? "/dev/null",
      old?.text ?? "",
      now?.text ?? "",
      undefined,
      undefined,
      { context: contextLines, headerOptions: FILE_HEADERS_ONLY },
    );
    return [{ file: now?.shown ?? old?.shown ?? file, patch }];
  });
  const others = [...new Set([...baseline.files.others.keys(), ...candidate.files.others.keys()])];
  const otherFiles = others.filter((name) => {
    const [old, now] = [baseline.files.others.get(name), candidate.files.others.get(name)];
    return old === undefined || now === undefined || !old.equals(now);
  });
  return { diff, otherFiles };
}

interface ShownText {
  readonly text: string;
  readonly shown: string;
}

/** By path from the config's folder; the config itself, whatever its name, by an empty one. */
function textsOf({ files, shown }: ConfigSide): Map<string, ShownText> {
  const folder = shown.replace(/[^/:]*$/, "");
  return new Map(
    [...files.configs].map(([name, text], index) =>
      index === 0 ? ["", { text, shown }] : [name, { text, shown: `${folder}${name}` }],
    ),
  );
}
