/**
 * New certificates in the place of the run's own, in a proxy's private folder.
 */
import type { PreparedProxy } from "../proxy.js";
import { type PrivateFolder, replacePrivate } from "./private-file.js";

/** Content by name in the private folder. */
export type RenewedFiles = () => Promise<ReadonlyMap<string, string>>;

/** @param files null where the config has none of the run's certificates */
export function renewalOf(
  files: RenewedFiles | null,
  folder: PrivateFolder,
): Pick<PreparedProxy, "renewCertificate"> {
  if (files === null) return {};
  return {
    async renewCertificate() {
      for (const [name, content] of await files()) await replacePrivate(folder, name, content);
    },
  };
}
