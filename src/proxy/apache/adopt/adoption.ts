/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */
import { dirname, resolve } from "node:path";
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import { type ChangeList, createChangeList } from "../../reach/change-list.js";
import { createPrivateCopies, type PrivateCopies } from "../../reach/private-copies.js";
import { createReach } from "../../reach/reach.js";
import { placesOf } from "../language/config-files.js";

export interface Adoption extends ChangeList {
  /** As the user named it. */
  readonly file: string;
  readonly backend: ConfigRequest["backend"];
  /** Whether it is a stranger's. */
  readonly isConfined: boolean;
  /** Whether passwords, address lists and client certificates stay. */
  readonly keepsAccess: boolean;
  /** Whether the config's own upstreams stay. */
  readonly keepsUpstream: boolean;
  readonly copies: PrivateCopies;
  /** The name of a file's copy, where it can be had; else the path as written. */
  copy(path: string, what: string, place: Place | null): string;
}

export function createAdoption(file: string, serverRoot: string | null, request: ConfigRequest): Adoption {
  const { confinedTo, backend, access, upstream } = request;
  const copies = createPrivateCopies(confinedTo);
  const reach = createReach(confinedTo);
  const folder = dirname(resolve(file));
  return {
    ...createChangeList(),
    ...{ file, backend, copies },
    isConfined: confinedTo !== null,
    keepsAccess: access === "kept",
    keepsUpstream: upstream === "as-configured",
    copy(path, what, place) {
      const places = placesOf(path, folder, serverRoot);
      const found = places.find((one) => !reach.isOutside(one) && reach.fileAt(one) !== null);
      return copies.copyOf(found ?? (places[0] as string), what, place) ?? path;
    },
  };
}
