/**
 * What may be read for a config: everything for a user's own, and for a stranger's the files of some folders, of which a
 * repository has those alone that git tracks. A link counts as what it leads to, and nothing outside is looked at on the
 * way: whether anything is there makes no difference to any answer.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { ReadableFolder } from "../../scenario/arm.js";

export interface Reach {
  /** All of this machine, some folders of it, or files that have come from another. */
  readonly extent: "machine" | "folders" | "carried";
  /** What to read for a path, every link followed; null where nothing is there that may be read. */
  fileAt(path: string): string | null;
  /** Whether it lies outside or a link leads out, be anything there or not. */
  isOutside(path: string): boolean;
  /** The names in a folder; none where it is none. */
  namesIn(folder: string): readonly string[];
  /** Whether it lies where git's files alone count. */
  isGitsToTell(path: string): boolean;
}

const elsewhere = new AsyncLocalStorage<Reach>();

/** What the work reads for a user's own config it reads by this reach, to its end, and not from this machine as it is. */
export function readingBy<Result>(reach: Reach, work: () => Result): Result {
  return elsewhere.run(reach, work);
}

/** @param folders null for a user's own config */
export function createReach(folders: readonly ReadableFolder[] | null): Reach {
  if (folders === null) return elsewhere.getStore() ?? everything;
  const rooms = folders.map(toRoom);
  const places = (path: string): Place[] => placesOf(resolve(path), { rooms, linksLeft: mostLinks });
  const find = (path: string): Place => bestOf(places(path));
  return {
    extent: "folders",
    fileAt(path) {
      const place = find(path);
      return place.kind === "inside" ? join(place.room.path, place.below) : null;
    },
    isOutside: (path) => find(path).kind === "outside",
    namesIn(folder) {
      const names = places(folder).flatMap((place) =>
        place.kind === "inside" ? place.room.names(place.below) : [],
      );
      return [...new Set(names)];
    },
    isGitsToTell: (path) =>
      rooms.some((room) => room.tracked !== null && belowOf(room, resolve(path)) !== null) &&
      !rooms.some((room) => room.tracked === null && belowOf(room, resolve(path)) !== null),
  };
}

const everything: Reach = {
  extent: "machine",
  fileAt: (path) => (existsSync(path) ? path : null),
  isOutside: () => false,
  namesIn: listFolder,
  isGitsToTell: () => false,
};

/** As many as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

interface Room extends ReadableFolder {
  /** By whichever name it is reached. */
  readonly prefixes: readonly string[];
  /** What is to be seen in a folder below it. */
  names(folder: string): readonly string[];
  has(folder: string, name: string): boolean;
}

type Place =
  | { readonly kind: "inside"; readonly room: Room; readonly below: string }
  | { readonly kind: "missing" }
  | { readonly kind: "outside" };

function toRoom({ path, tracked }: ReadableFolder): Room {
  const folder = resolve(path);
  const prefixes = [...new Set([folder, realPath(folder)])];
  if (tracked !== null) {
    const names = (below: string): readonly string[] => [...(tracked.get(below) ?? [])];
    return {
      path: folder,
      tracked,
      prefixes,
      names,
      has: (below, name) => tracked.get(below)?.has(name) === true,
    };
  }
  const names = (below: string): string[] =>
    listFolder(join(folder, below)).filter((name) => !isGitsOwn(name));
  return { path: folder, tracked, prefixes, names, has: (_, name) => !isGitsOwn(name) };
}

/** The folder of a repository's own affairs, tokens among them; some file systems see these names as one. */
function isGitsOwn(name: string): boolean {
  return name.replace(/\p{Default_Ignorable_Code_Point}/gu, "").toLowerCase() === ".git";
}

interface Surroundings {
  readonly rooms: readonly Room[];
  readonly linksLeft: number;
}

/** One for each folder that the path lies below. */
function placesOf(path: string, around: Surroundings): Place[] {
  return around.rooms.flatMap((room) => {
    const below = belowOf(room, path);
    return below === null ? [] : walk(room, below, around);
  });
}

/** What one folder has counts, whatever another has not. */
function bestOf(places: readonly Place[]): Place {
  const found = ["inside", "outside", "missing"].map((kind) => places.find((place) => place.kind === kind));
  return found.find((place) => place !== undefined) ?? { kind: "outside" };
}

/** Empty for the folder itself; null for what does not lie below it by its name. */
function belowOf({ prefixes }: Room, path: string): string | null {
  const below = prefixes
    .map((prefix) => relative(prefix, path))
    .find((one) => !(one === ".." || one.startsWith(`..${sep}`) || isAbsolute(one)));
  return below ?? null;
}

const missing: Place[] = [{ kind: "missing" }];

/** Name by name, so that a link is seen before anything behind it is. */
function walk(room: Room, below: string, { rooms, linksLeft }: Surroundings): Place[] {
  const names = below.split(sep).filter(Boolean);
  let at = "";
  for (const [index, name] of names.entries()) {
    if (!room.has(at, name)) return missing;
    at = join(at, name);
    const path = join(room.path, at);
    const kind = kindAt(path);
    if (kind === "link") {
      if (linksLeft === 0) return missing;
      const target = resolve(dirname(path), readlinkSync(path), ...names.slice(index + 1));
      const led = placesOf(target, { rooms, linksLeft: linksLeft - 1 });
      return led.length === 0 ? [{ kind: "outside" }] : led;
    }
    if (kind === null || (kind === "other" && index < names.length - 1)) return missing;
  }
  return [{ kind: "inside", room, below: at }];
}

function kindAt(path: string): "link" | "folder" | "other" | null {
  try {
    const found = lstatSync(path);
    return found.isSymbolicLink() ? "link" : found.isDirectory() ? "folder" : "other";
  } catch {
    // Not there, or kept from this user.
    return null;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there: nothing is in it.
    return path;
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No folder, nothing in it: nginx sees it the same way.
    return [];
  }
}
