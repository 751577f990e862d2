/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import { type ChangeList, createChangeList } from "../../reach/change-list.js";
import { createPrivateCopies, type PrivateCopies, readCopied } from "../../reach/private-copies.js";
import { createReach, type Reach } from "../../reach/reach.js";
import type { ReadLines } from "../route/find-web-socket.js";

export interface Adoption extends ChangeList {
  /** As the user named it. */
  readonly file: string;
  readonly backend: ConfigRequest["backend"];
  readonly confinedTo: ConfigRequest["confinedTo"];
  /** Whether passwords, address lists and client certificates stay. */
  readonly keepsAccess: boolean;
  /** Whether the config's own servers stay. */
  readonly keepsUpstream: boolean;
  /** Whether the run chooses the proxy's processors. */
  readonly isPlaced: boolean;
  readonly copies: PrivateCopies;
  /** Whether it may be read at all. */
  isInReach(path: string): boolean;
  /** The name of a file's copy, where it can be had; else the path as written. @param edit changes what is copied */
  copy(path: string, what: string, place: Place | null, edit?: (text: string) => string): string;
  /** Lines of a file that a map or an ACL names. */
  readonly readLines: ReadLines;
}

export function createAdoption(file: string, folder: string, request: ConfigRequest): Adoption {
  const { confinedTo, backend, access, upstream, isPlaced } = request;
  const copies = createPrivateCopies(confinedTo);
  const reach = createReach(confinedTo);
  const find = (path: string): string => placeOf(path, folder, reach);
  return {
    ...createChangeList(),
    file,
    backend,
    confinedTo,
    keepsAccess: access === "kept",
    keepsUpstream: upstream === "as-configured",
    isPlaced,
    copies,
    isInReach: (path) => !reach.isOutside(find(path)),
    copy: (path, what, place, edit) => copies.copyOf(find(path), what, place, edit) ?? path,
    readLines: createLineReader(folder, confinedTo),
  };
}

/** Where a path of the config lies on this machine: beside the config where it is relative, or was deployed from there. */
function placeOf(path: string, folder: string, { fileAt }: Reach): string {
  if (!isAbsolute(path)) return resolve(folder, path);
  const below = /^\/(?:usr\/local\/)?etc\/haproxy\/(.+)$/.exec(path)?.[1];
  if (below === undefined) return path;
  const beside = join(folder, below);
  return fileAt(beside) !== null && fileAt(path) === null ? beside : path;
}

const mostLines = 20_000;

/** For what only reads a config: nothing is copied. */
export function createLineReader(folder: string, confinedTo: ConfigRequest["confinedTo"]): ReadLines {
  const reach = createReach(confinedTo);
  const known = new Map<string, readonly string[] | null>();
  return (file) => {
    const path = placeOf(file, folder, reach);
    const read = known.get(path);
    if (read !== undefined) return read;
    const found = reach.fileAt(path);
    const lines = found === null ? null : linesOf(found);
    known.set(path, lines);
    return lines;
  };
}

function linesOf(path: string): readonly string[] | null {
  const content = readCopied(path);
  if (content === null) return null;
  return content
    .toString("utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .slice(0, mostLines);
}

/** Relative paths of a config begin at its folder: `-f FOLDER` is one itself. */
export function folderOf(file: string, files: readonly string[]): string {
  const [first = file] = files;
  return first === file ? dirname(resolve(file)) : resolve(file);
}
