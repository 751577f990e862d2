/**
 * What a gate promises of a stranger's Apache config, in words.
 */
export const confinementRules: readonly string[] = [
  "Apache never sees the file itself, not even `httpd -t`: only a copy that was reduced to what is known to be harmless",
  "modules are this machine's own of a list; CGI, Lua, Perl, PHP, external filters, mod_md, LDAP and databases are left out with their lines",
  "piped logs, `prg:` and `dbd:` maps, `exec:` pass phrases and engines are left out; all logs are wsrally's",
  "Listen, VirtualHost, ProxyPass, BalancerMember, rewrite rules with [P]: a port of 127.0.0.1, wsrally's backend; an address that cannot be replaced is refused",
  "certificates are the run's own; lists of users and maps are copies of files in the repository, or refused",
  "DocumentRoot is an empty folder, Alias and .htaccess are left out, and what a rule makes of a path outside of it is denied",
  "expressions that read files or variables of the environment are refused; no name is looked up",
  "a directive that wsrally does not know is refused with its place",
];
