/**
 * What a gate promises of a stranger's nginx config, in words.
 */
export const confinementRules: readonly string[] = [
  "nginx never sees the file itself: only copies that were reduced to what is known to be harmless",
  "modules, Lua, njs and Perl are left out; refused where they decide on the measured requests",
  "passes and upstreams: wsrally's backend, or the config's own server; an address that cannot be replaced is refused",
  "certificates are the run's own, or copies of files in the repository; `root` and `alias` lead to a folder that does not exist",
  "resolvers, logs to elsewhere, mail and stream are left out; no name of a host is ever looked up",
  "a directive that wsrally does not know is refused with its place where a word of it may be a path or a host",
];
