/**
 * Apache's program: how it is found and told apart, and the packages that `wsrally proxies install apache` unpacks.
 */
import type { ProgramSpec } from "../../program/program-spec.js";

export const apacheProgram: ProgramSpec = {
  kind: "apache",
  title: "Apache",
  names: ["apache2", "httpd"],
  folders: ["/usr/sbin", "/usr/local/sbin", "/usr/local/apache2/bin"],
  variable: "WSRALLY_APACHE",
  versionArguments: ["-v"],
  /** "Server version: Apache/2.4.71 (Debian)", and when it was built. */
  readVersion(output) {
    const [, build, version] = /^Server version: (Apache\/(2\.\d+\.\d+).*)$/m.exec(output) ?? [];
    if (build === undefined || version === undefined) return null;
    const built = /^Server built:\s+(.+)$/m.exec(output)?.[1];
    return { version, build: built === undefined ? build : `${build}, built ${built}` };
  },
  // Nobody publishes a wheel of one that is new enough to pass WebSockets on.
  pinned: null,
  debian: {
    packages: [
      ...["apache2-bin", "libapr1", "libaprutil1", "libssl3"],
      ...["libpcre2-8-0", "libexpat1", "libcrypt1", "libuuid1"],
    ],
    program: "usr/sbin/apache2",
    libraries: ["usr/lib/apache2/modules", "usr/lib/TRIPLET", "lib/TRIPLET"],
  },
};
