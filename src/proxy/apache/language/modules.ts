/**
 * Apache's modules: which a copy of a config runs with, and why the others are left out with all that belongs to them.
 */

/** "proxy_http" of `LoadModule proxy_http_module modules/mod_proxy_http.so`, and of `mod_proxy_http.c`; null for neither. */
export function moduleName(word: string): string | null {
  const [, id, file] = /^(?:(\w+)_module|(?:mod_)?(\w+)\.c)$/i.exec(word) ?? [];
  const name = (id ?? file)?.toLowerCase() ?? null;
  // What Apache calls them in their source.
  return name === null ? null : (sourceNames[name] ?? name);
}

const sourceNames: Readonly<Record<string, string>> = {
  event: "mpm_event",
  worker: "mpm_worker",
  prefork: "mpm_prefork",
  util_ldap: "ldap",
};

/** Those that have a part in how a request is passed on, or do no harm. */
export const keptModules: ReadonlySet<string> = new Set(
  `mpm_event mpm_worker mpm_prefork unixd version so log_config logio watchdog http core
  proxy proxy_http proxy_wstunnel proxy_balancer proxy_http2 proxy_ajp proxy_fcgi proxy_scgi proxy_uwsgi
  lbmethod_byrequests lbmethod_bytraffic lbmethod_bybusyness slotmem_shm socache_shmcb
  rewrite headers setenvif env alias dir mime ssl http2 reqtimeout remoteip allowmethods unique_id
  authz_core authz_host authz_user authz_groupfile authn_core authn_file auth_basic access_compat
  deflate brotli filter expires substitute buffer request ratelimit negotiation autoindex`
    .trim()
    .split(/\s+/),
);

const families: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:lua|perl|php\d*|wsgi|python|passenger|ruby|mono|cgid?|ext_filter|include|asis|suexec)$/,
    "no code of a config runs",
  ],
  [
    /^(?:md|ldap|authnz_ldap|dbd|authn_dbd|authz_dbd|session_dbd|socache_(?:memcache|redis|dbm))$/,
    "nobody is asked",
  ],
  [
    /^(?:heartbeat|heartmonitor|lbmethod_heartbeat|proxy_hcheck)$/,
    "wsrally's backend is there, and is not asked",
  ],
  [/^(?:security\d*|evasive\d*|qos|pagespeed)$/, "a firewall's rules are not Apache's own"],
  [/^(?:log_\w+|dumpio|info|status|systemd|usertrack|journald|syslog)$/, "the log is wsrally's"],
  [/^(?:auth\w*|authz?_\w+|session\w*|ident|shib\w*|mod_shib|cas|mellon)$/, "the generator has no account"],
];

/** Why a module is left out, for a list of changes. */
export function whyLeftOut(name: string): string {
  return families.find(([pattern]) => pattern.test(name))?.[1] ?? "no WebSocket needs it";
}

/** Directives of modules that are not Apache's own, by their beginnings. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/^lua/, "lua"],
  [/^perl|^<?perl$/, "perl"],
  [/^php_/, "php"],
  [/^wsgi/, "wsgi"],
  [/^py(?:thon)/, "python"],
  [/^(?:passenger|rails|rack)/, "passenger"],
  [/^sec[a-z]/, "security2"],
  [/^dos[a-z]/, "evasive"],
  [/^qs_/, "qos"],
  [/^(?:modpagespeed)/, "pagespeed"],
  [/^oidc/, "auth_openidc"],
  [/^(?:shib|mellon)/, "shib"],
  [/^cas[a-z]/, "cas"],
  [/^(?:geoip|maxminddb)/, "geoip"],
  [/^xsendfile/, "xsendfile"],
  [/^jk/, "jk"],
  [/^systemd/, "systemd"],
];

/** Null for a directive that is nobody's known. @param key in lower case */
export function foreignModule(key: string): string | null {
  return foreign.find(([pattern]) => pattern.test(key))?.[1] ?? null;
}

/** In the program itself in some builds, so that no config loads them. */
export const builtIn: ReadonlySet<string> = new Set(["core", "http", "http_core", "so", "mpm"]);
