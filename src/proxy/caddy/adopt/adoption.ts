/**
 * What the steps of an adoption share: what it is to run against, where things are written, and the list of changes.
 */

import { dirname, resolve } from "node:path";
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import type { UpstreamAddress } from "../../proxy.js";
import { createChangeList } from "../../reach/change-list.js";
import { createPrivateCopies } from "../../reach/private-copies.js";
import type { JsonPath } from "../language/json-document.js";
import type { ReadConfig } from "../language/read-config.js";
import { type Locate, locator, type Spot } from "./locate.js";

export interface Adoption {
  /** As the user named it. */
  readonly file: string;
  readonly backend: ConfigRequest["backend"];
  readonly isConfined: boolean;
  readonly isJson: boolean;
  /** Whether passwords, address lists and authentication by others stay. */
  readonly keepsAccess: boolean;
  /** Whether the config's own upstreams stay. */
  readonly keepsUpstream: boolean;
  /** Whether the log is to tell what ends a WebSocket: who measures does not pay for that. */
  readonly isWatched: boolean;
  readonly locate: Locate;
  /** The upstreams that were replaced. */
  readonly upstreams: UpstreamAddress[];
  /** The same sentence about several places becomes one. */
  note(sentence: string, spot: Spot): void;
  noteAt(sentence: string, place: Place): void;
  /** The name of a file's copy, where it can be had; else the path as written. */
  copy(path: string, what: string, at: JsonPath): string;
  copies(): ReadonlyMap<string, Buffer>;
  changes(): string[];
}

export function createAdoption(
  file: string,
  { tree, json }: Pick<ReadConfig, "tree" | "json">,
  { backend, confinedTo, access, upstream, variant }: ConfigRequest,
): Adoption {
  const list = createChangeList();
  const locate = locator(tree, json);
  const copies = createPrivateCopies(confinedTo);
  return {
    file,
    backend,
    isConfined: confinedTo !== null,
    isJson: json !== null,
    keepsAccess: access === "kept",
    keepsUpstream: upstream === "as-configured",
    isWatched: access === "kept" || variant !== null,
    locate,
    upstreams: [],
    note(sentence, spot) {
      const places = locate(spot);
      if (places.length === 0) list.note(sentence, null);
      for (const place of places) list.note(sentence, place);
    },
    noteAt: (sentence, place) => list.note(sentence, place),
    copy: (path, what, at) => {
      const place = locate({ path: at, directives: ["reverse_proxy"] })[0] ?? null;
      return copies.copyOf(resolve(dirname(file), path), `${what} ${path}`, place) ?? path;
    },
    copies: () => copies.files(),
    changes: () => list.changes(),
  };
}
