/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */

import { dirname, resolve } from "node:path";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { backendAddresses } from "../../instance/address-marks.js";
import type { ProxyWish } from "../../proxy.js";
import { type ChangeList, createChangeList } from "../../reach/change-list.js";
import { createPrivateCopies, type PrivateCopies } from "../../reach/private-copies.js";
import { createReach, type Reach } from "../../reach/reach.js";
import type { Directive } from "../language/nginx-tree.js";

export interface Adoption extends ChangeList {
  /** The file as the user named it. */
  readonly file: string;
  /** The folder it lies in, which relative paths start from. */
  readonly configFolder: string;
  readonly connections: number;
  /** Whether wsrally's backend has more than one port. */
  readonly severalPorts: boolean;
  /** Whether wsrally's backend speaks TLS where the config asks its upstream over TLS. */
  readonly backendTls: boolean;
  /** The folders that it may be read from, as it is a stranger's; null for a user's own config. */
  readonly confinedTo: readonly ReadableFolder[] | null;
  /** What may be read for it, by the path. */
  readonly reach: Reach;
  /** What the user said of the server to measure; null for what the config says itself. */
  readonly wanted: { readonly serverName: string | null; readonly path: string | null };
  /**
   * A file's name in the private folder, where a copy of it is to lie: nginx need not be able to read the original.
   * Null for one that this user may not read, or that is none; nginx has words for it.
   * @throws UsageError for one out of a stranger's reach
   */
  copyOf(path: string, node: Directive): string | null;
  /** The end of a sentence about a file that is not read: "cannot be read". */
  whyUnread(path: string): string;
  readonly copies: PrivateCopies;
}

export function createAdoption(
  file: string,
  {
    connections,
    backend,
    serverName,
    path,
    confinedTo = null,
  }: Pick<ProxyWish, "connections" | "backend" | "serverName" | "path" | "confinedTo">,
): Adoption {
  const copies = createPrivateCopies(confinedTo);
  const reach = createReach(confinedTo);
  return {
    ...createChangeList(),
    file,
    configFolder: dirname(resolve(file)),
    connections,
    severalPorts: backendAddresses(backend).length > 1,
    backendTls: backend.overTls !== undefined,
    confinedTo,
    wanted: { serverName, path },
    reach,
    whyUnread: (path) =>
      reach.isGitsToTell(path) && reach.fileAt(path) === null
        ? "is no file that git tracks"
        : "cannot be read",
    copies,
    copyOf: (path, { name, args, origin }) => copies.copyOf(path, `${name} ${args[0]}`, origin),
  };
}
