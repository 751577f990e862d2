/**
 * A private temporary folder for the processes of one run, gone when the run ends.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvironmentError, messageOf } from "./errors.js";
import { makeFolder } from "./make-folder.js";

export interface Workspace {
  readonly path: string;
  /** Makes a folder of this name inside, readable by the proxy's unprivileged workers. */
  folder(name: string): Promise<string>;
  remove(): Promise<void>;
}

/** @throws EnvironmentError when the system's temporary folder cannot be written */
export async function createWorkspace(): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), "wsrally-")).catch((thrown: unknown) => {
    throw new EnvironmentError(
      `Cannot make a temporary folder in ${tmpdir()}: ${messageOf(thrown)}; TMPDIR chooses another place`,
    );
  });
  // A proxy that root starts runs as somebody else, who must get through to its own folder.
  if (process.getuid?.() === 0) await chmod(path, 0o711);
  return {
    path,
    async folder(name) {
      const folder = join(path, name);
      makeFolder(folder, { what: "the temporary folder" });
      return folder;
    },
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
