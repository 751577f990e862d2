/**
 * Where the pinned program of a proxy is kept once it was fetched.
 */
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.js";
import type { PinnedWheel, ProgramSpec } from "./program-spec.js";

const thisPlatform = `${process.platform}-${process.arch}`;

/** The wheel for a platform, or null where the release has none. */
export function wheelFor({ pinned }: ProgramSpec, platform: string = thisPlatform): PinnedWheel | null {
  return pinned?.wheels[platform] ?? null;
}

/** Null where there is none for this platform. The folder names its content whole, as far as wsrally chooses it. */
export function pinnedFile(spec: ProgramSpec, folder: string = cacheFolder()): string | null {
  if (spec.debian !== undefined && process.platform === "linux")
    return join(folder, `${spec.kind}-debian-${thisPlatform}`, spec.names[0] as string);
  if (spec.pinned === null || wheelFor(spec) === null) return null;
  const name = spec.names[0] as string;
  return join(folder, `${spec.kind}-${spec.pinned.version}-${thisPlatform}`, name);
}
