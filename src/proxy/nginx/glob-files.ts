/**
 * glob(3) as nginx's `include` uses it: `*`, `?` and `[…]` within a path's segments, matches sorted.
 */
import { readdirSync } from "node:fs";
import { join, parse } from "node:path";

/** Whether nginx takes a path for a pattern. */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/** @param pattern an absolute path; nothing that matches is no error */
export function globFiles(pattern: string): string[] {
  const { root } = parse(pattern);
  const segments = pattern.slice(root.length).split("/").filter(Boolean);
  const found = segments.reduce<string[]>(
    (folders, segment) => folders.flatMap((folder) => step(folder, segment)),
    [root],
  );
  return found.sort();
}

function step(folder: string, segment: string): string[] {
  if (!isGlob(segment)) return [join(folder, segment)];
  const matcher = segmentPattern(segment);
  return listFolder(folder)
    .filter((name) => matcher.test(name) && (segment.startsWith(".") || !name.startsWith(".")))
    .map((name) => join(folder, name));
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No folder, no match: nginx sees it the same way.
    return [];
  }
}

function segmentPattern(segment: string): RegExp {
  const source = segment.replace(/\[!?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 1 && part.startsWith("[")) {
      const negated = part.startsWith("[!");
      return `[${negated ? "^" : ""}${part.slice(negated ? 2 : 1, -1).replace(/[\\^]/g, "\\$&")}]`;
    }
    return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "s");
}
