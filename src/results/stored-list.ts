/**
 * The runs and probes of a results folder, and which of them a few letters stand for.
 */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import { readTags } from "./run-tags.js";

interface StoredItem {
  /** The folder's name. */
  readonly id: string;
  readonly kind: "run" | "probe";
  /** Names that the user gave it. */
  readonly tags: readonly string[];
}

export const storedFiles = { run: "run.json", probe: "probe.json" } as const;

/** Stands for the newest. */
const newest = "latest";
/** As long as `2026-01-31T12-00-00`, which ids begin with. */
export const timeLength = 19;
/** Of those that a name could stand for, so many are told. */
const mostTold = 5;

/** Newest first; nothing where there is no such folder. Links are left out: they may lead anywhere. */
export function listStored(out: string): StoredItem[] {
  return foldersOf(out)
    .flatMap((id) => {
      for (const kind of ["run", "probe"] as const) {
        const path = join(out, id, storedFiles[kind]);
        const file = lstatSync(path, { throwIfNoEntry: false });
        if (file !== undefined) return [{ id, kind, tags: readTags(path), key: sortKey(id, file.mtime) }];
      }
      return [];
    })
    .sort((a, b) => (a.key < b.key ? 1 : -1))
    .map(({ id, kind, tags }) => ({ id, kind, tags }));
}

/**
 * The id that a name stands for: `latest`, a tag, of which the newest is meant, the start of an id or of what follows its
 * time, or its last letters.
 * @returns null for none @throws UsageError where it stands for several
 */
export function storedIdOf(name: string, out: string): string | null {
  if (name === "" || /[/\\]/.test(name)) return null;
  const items = listStored(out);
  if (name === newest) return items[0]?.id ?? null;
  const tagged = items.find(({ tags }) => tags.includes(name));
  if (tagged !== undefined) return tagged.id;
  const fitting = items.filter(
    ({ id }) => id.startsWith(name) || id.slice(timeLength + 1).startsWith(name) || id.endsWith(`-${name}`),
  );
  if (fitting.length < 2) return fitting[0]?.id ?? null;
  const told = fitting.slice(0, mostTold).map(({ id }) => id);
  const more = fitting.length > mostTold ? ` and ${fitting.length - mostTold} more` : "";
  throw new UsageError(
    `Cannot tell which run ${name} is: it stands for ${told.join(", ")}${more}; want more of one's id, or ${newest}`,
  );
}

function foldersOf(out: string): string[] {
  try {
    return readdirSync(out, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // Not there, or closed to this user: who looks for a run there is told that there is none.
    return [];
  }
}

/** The time that an id begins with, to the second, and within it when its document was written last. */
function sortKey(id: string, written: Date): string {
  const time = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d/.exec(id)?.[0];
  const writtenAt = written.toISOString();
  return `${time ?? writtenAt.slice(0, timeLength).replace(/:/g, "-")} ${writtenAt}`;
}
