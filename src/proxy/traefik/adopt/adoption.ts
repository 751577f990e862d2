/**
 * What the steps of an adoption share: what was read, what it is to run against, and the list of changes.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import type { UpstreamAddress } from "../../proxy.js";
import { type ChangeList, createChangeList } from "../../reach/change-list.js";
import { createPrivateCopies, type PrivateCopies } from "../../reach/private-copies.js";
import type { ConfigEntry, ConfigMap } from "../../tree/config-node.js";
import { entryOf, withoutField } from "../language/fields.js";
import type { ReadConfig } from "../language/read-config.js";

export interface Adoption extends ChangeList {
  readonly read: ReadConfig;
  readonly backend: ConfigRequest["backend"];
  readonly confinedTo: ConfigRequest["confinedTo"];
  /** Whether passwords, address lists and client certificates stay. */
  readonly keepsAccess: boolean;
  /** Whether the config's own servers stay. */
  readonly keepsUpstream: boolean;
  /** Whether limits on how often a client may come go. */
  readonly liftsRates: boolean;
  readonly copies: PrivateCopies;
  /** What wsrally's backend stands for. */
  readonly upstreams: UpstreamAddress[];
  /** The name of a file's copy, where it can be had; else the path as written. */
  copy(path: string, what: string, place: Place | null): string;
}

export function createAdoption(read: ReadConfig, request: ConfigRequest): Adoption {
  const { confinedTo, backend, access, upstream, liftsRates = false } = request;
  const copies = createPrivateCopies(confinedTo);
  return {
    ...createChangeList(),
    ...{ read, backend, confinedTo, liftsRates, copies, upstreams: [] },
    keepsAccess: access === "kept",
    keepsUpstream: upstream === "as-configured",
    copy: (path, what, place) => copies.copyOf(read.files.placeOf(path), what, place) ?? path,
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
    if (entry !== null && saysSomething(entry)) note(`\`${name}\` was left out: ${why}`, entry.place);
  }
  return withoutField(map, ...names);
}

function saysSomething({ value }: ConfigEntry): boolean {
  return value.kind !== "scalar" || value.value !== null;
}
