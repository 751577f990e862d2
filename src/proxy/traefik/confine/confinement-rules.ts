/**
 * What a gate promises of a stranger's Traefik config, in words.
 */
export const confinementRules: readonly string[] = [
  "Traefik never sees the file itself, only a copy of known fields; a field that wsrally does not know is refused with its place",
  "every provider but `file` is left out; files of routes are read once, from the repository alone, and their templates are not run: `env` is empty, and other actions are refused",
  "plugins, forwardAuth, mirrors, health checks, Redis and the API are left out: no code runs, and nobody is asked",
  "entry points are ports of 127.0.0.1, servers wsrally's backend: no name is looked up",
  "certificates are the run's own, ACME and other resolvers are left out; other files are copies of files in the repository, or refused",
  "logs, metrics and tracing go nowhere but to a file of wsrally's",
];
