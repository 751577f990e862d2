/**
 * Files of a proxy's private folder.
 */
import { chown, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProxyLaunch } from "./launch.js";

export interface PrivateFolder {
  readonly prefix: string;
  readonly launch: ProxyLaunch;
}

/**
 * A file of the prefix, as if for the first time: what the proxy's user may have put in its place is not followed. It is
 * that user's, and nobody else's.
 */
export async function writePrivate(
  { prefix, launch }: PrivateFolder,
  name: string,
  content: string | Buffer,
): Promise<void> {
  const file = join(prefix, name);
  await rm(file, { force: true });
  await writeFile(file, content, { mode: 0o600, flag: "wx" });
  if (launch.user !== null) await chown(file, launch.user.uid, launch.user.gid);
}

/**
 * The same in the place of one that is there, in one step, as a renewal of certificates does: another file by its number too,
 * for a proxy may take one of the same number and second for the one that it has read.
 */
export async function replacePrivate(
  folder: PrivateFolder,
  name: string,
  content: string | Buffer,
): Promise<void> {
  const fresh = `${name}.new`;
  await writePrivate(folder, fresh, content);
  await rename(join(folder.prefix, fresh), join(folder.prefix, name));
}
