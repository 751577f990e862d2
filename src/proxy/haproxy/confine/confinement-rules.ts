/**
 * What a gate promises of a stranger's HAProxy config, in words.
 */
export const confinementRules: readonly string[] = [
  "HAProxy never sees the file itself, not even `haproxy -c`: only a copy that was reduced to what is known to be harmless",
  "Lua, SPOE agents, `program`, external checks, TLS engines and providers are left out; refused where they decide on requests",
  "variables of the environment are empty but for the config's own; setenv and its like are left out",
  "binds, servers, dispatch: a port of 127.0.0.1, wsrally's backend; an address that cannot be replaced is refused",
  "certificates are the run's own; maps, lists and error pages are copies of files in the repository, or refused",
  "logs, peers, mailers, rings, resolvers, stats sockets are left out; do-resolve, set-dst and transparent proxying are refused",
  "no name is looked up: conditions take addresses alone, and where only an address can be meant a name is refused",
  "a keyword, an action, a filter or a parameter that wsrally does not know is refused with its place",
];
