/**
 * What a gate promises of a stranger's Caddy config, a line each.
 */
export const confinementRules: readonly string[] = [
  "imports are read below the given folders alone; Caddy sees one file, with them and without the environment's variables in it",
  "it is translated by `caddy adapt`, which starts nothing, and never validated or run as it is",
  "admin, logs, storage, certificates, authorities, every app but HTTP, tracing and active health checks are replaced or left out",
  "every upstream is wsrally's backend, every listening socket a port of 127.0.0.1, every root of files an empty folder",
  "handlers, matchers and fields that are not known to be harmless are refused with their place, as are `{file.…}` and `{system.…}`",
  "Caddy is never root, and puts no authority into a trust store",
];
