/**
 * What a gate promises of a stranger's Envoy config, in words.
 */
export const confinementRules: readonly string[] = [
  "Envoy never sees the file itself, not even `envoy --mode validate`, which runs what is in it: only a copy of known messages and fields",
  "a message type, a field, or a command operator in a text that wsrally does not know is refused with its place",
  "Lua, Wasm, Go and dynamic modules, ext_authz, ext_proc, rate limit services, OAuth, taps, caches and mirrors are left out",
  "listeners are ports of 127.0.0.1, endpoints wsrally's backend, clusters of any kind static: no name is looked up",
  "certificates are the run's own; other files are copies of files in the repository, or refused",
  "admin, access logs, stats sinks, tracing, control planes, health checks and runtime folders are left out; file-based listeners, routes, clusters and endpoints are read once, from the repository alone",
  "variables of the environment are empty",
];
