/**
 * glob(3) as configs use it: `*`, `?` and `[…]` within a path's segments, matches sorted.
 */
import { join, parse } from "node:path";
import type { Reach } from "./reach.js";

/** Whether a path is taken for a pattern. */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Where a pattern's files are looked for. */
type Files = Pick<Reach, "fileAt" | "isOutside" | "namesIn">;

/** @param pattern an absolute path; nothing that matches is no error, and what leads out of reach is handed back as well */
export function globFiles(pattern: string, files: Files): string[] {
  const { root } = parse(pattern);
  const segments = pattern.slice(root.length).split("/").filter(Boolean);
  const found = segments.reduce<string[]>(
    (folders, segment) => folders.flatMap((folder) => step(folder, segment, files)),
    [root],
  );
  return found.filter((file) => files.isOutside(file) || files.fileAt(file) !== null).sort();
}

function step(folder: string, segment: string, { namesIn }: Files): string[] {
  if (!isGlob(segment)) return [join(folder, segment)];
  return namesIn(folder)
    .filter((name) => matches(name, segment) && (segment.startsWith(".") || !name.startsWith(".")))
    .map((name) => join(folder, name));
}

/** The last `*` takes one character more wherever it goes wrong, so that no pattern takes longer than its square. */
function matches(name: string, segment: string): boolean {
  const parts = segment.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];
  let [at, part] = [0, 0];
  let star: { part: number; at: number } | null = null;
  while (at < name.length) {
    const wanted = parts[part];
    if (wanted === "*") {
      star = { part, at };
      part++;
    } else if (wanted !== undefined && isOneOf(name[at] as string, wanted)) {
      at++;
      part++;
    } else if (star !== null) {
      star = { part: star.part, at: star.at + 1 };
      at = star.at;
      part = star.part + 1;
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === "*");
}

function isOneOf(character: string, part: string): boolean {
  if (part === "?") return true;
  if (part.length === 1) return character === part;
  const negated = part.startsWith("[!");
  const members = part.slice(negated ? 2 : 1, -1);
  let found = false;
  for (const [, first = "", last = first] of members.matchAll(/([\s\S])(?:-([\s\S]))?/g)) {
    if (character >= first && character <= last) found = true;
  }
  return found !== negated;
}
