/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import { type ChangeList, createChangeList } from "../../reach/change-list.js";
import { createPrivateCopies, type PrivateCopies } from "../../reach/private-copies.js";
import type { ConfigMap } from "../../tree/config-node.js";
import type { ConfigFiles } from "../language/config-files.js";
import { entryOf, withoutField } from "../language/config-node.js";

export interface Adoption extends ChangeList {
  /** As the user named it. */
  readonly file: string;
  readonly backend: ConfigRequest["backend"];
  readonly confinedTo: ConfigRequest["confinedTo"];
  /** Whether passwords, address lists and client certificates stay. */
  readonly keepsAccess: boolean;
  /** Whether the config's own clusters stay. */
  readonly keepsUpstream: boolean;
  /** Whether limits on how often a client may come go. */
  readonly liftsRates: boolean;
  readonly copies: PrivateCopies;
  /** The name of a file's copy, where it can be had; else the path as written. */
  copy(path: string, what: string, place: Place | null): string;
}

export function createAdoption(file: string, files: ConfigFiles, request: ConfigRequest): Adoption {
  const { confinedTo, backend, access, upstream, liftsRates = false } = request;
  const copies = createPrivateCopies(confinedTo);
  return {
    ...createChangeList(),
    ...{ file, backend, confinedTo, liftsRates, copies },
    keepsAccess: access === "kept",
    keepsUpstream: upstream === "as-configured",
    copy: (path, what, place) => copies.copyOf(files.placeOf(path), what, place) ?? path,
  };
}

/** Without these fields, each of which is noted where it stood. */
export function leaveOut(
  map: ConfigMap,
  names: readonly string[],
  why: string,
  { note }: Pick<Adoption, "note">,
): ConfigMap {
  for (const name of names) {
    const entry = entryOf(map, name);
    if (entry !== null) note(`\`${name}\` was left out: ${why}`, entry.place);
  }
  return withoutField(map, ...names);
}
