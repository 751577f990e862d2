/**
 * Configs that Apache refuses, or wsrally in its words: what is said, where, and what that means.
 */
import { wholeConfig } from "./corpus-row.js";

export interface RefusedRow {
  readonly name: string;
  readonly text: string;
  /** With the user's own line. */
  readonly words: RegExp;
  readonly says: RegExp;
}

function site(lines: string): string {
  return `<VirtualHost *:80>\nServerName a.test\n${lines}\n</VirtualHost>\n`;
}

export const refusedRows: readonly RefusedRow[] = [
  {
    name: "a misspelt directive",
    text: site("ProxyPas / http://app:9000/"),
    words: /site\.conf:3: Invalid command 'ProxyPas'/,
    says: /did you mean proxypass\?/,
  },
  {
    name: "a directive whose module is not loaded",
    text: wholeConfig("mpm_event unixd authz_core", "ProxyPass / http://app:9000/"),
    words: /site\.conf:\d+: Invalid command 'ProxyPass'/,
    says: /mod_proxy's, which the config does not load[\s\S]*a2enmod proxy/,
  },
  {
    name: "a section that is not closed",
    text: "<VirtualHost *:80>\nServerName a.test\n<Location /ws>\n",
    words: /site\.conf:3: <Location> was not closed/,
    says: /<\/Location> where it is to end/,
  },
  {
    name: "sections that overlap",
    text: site("<Location /ws>\n<If true>\n</Location>\n</If>"),
    words: /site\.conf:5: Expected <\/If> but saw <\/Location>/,
    says: /not opened and closed in order/,
  },
  {
    name: "an include that is not there",
    text: "Include conf/none.conf\n",
    words: /site\.conf:1: Could not open configuration file conf\/none\.conf/,
    says: /IncludeOptional PATH/,
  },
  {
    name: "an include's pattern without a match",
    text: "Include vhosts/*.conf\n",
    words: /site\.conf:1: No matches for the wildcard 'vhosts\/\*\.conf'/,
    says: /IncludeOptional PATH/,
  },
  {
    name: "ProxyPass without a path",
    text: site("ProxyPass ws://app:9000/"),
    words: /site\.conf:3: ProxyPass\|ProxyPassMatch needs a path/,
    says: /wants the path as well as the target/,
  },
  {
    name: "flags with a blank",
    text: site("RewriteEngine On\nRewriteRule ^/ws ws://app:9000/ws [P, L]"),
    words: /site\.conf:4: RewriteRule: bad flag delimiters/,
    says: /a blank within one of them wants quotes/,
  },
  {
    name: "a broken pattern",
    text: site("RewriteEngine On\nRewriteRule ^/(ws ws://app:9000/ws [P]"),
    words: /site\.conf:4: RewriteRule: cannot compile regular expression/,
    says: /balance its brackets/,
  },
  {
    name: "a parameter of members at a balancer",
    text: site(
      "ProxyPass / balancer://app/ upgrade=websocket\n<Proxy balancer://app>\nBalancerMember http://w1:9000\n</Proxy>",
    ),
    words: /site\.conf:3: ProxyPass/,
    says: /belongs to the members of a balancer/,
  },
  {
    name: "a macro without its value",
    text: "<Macro App $name>\n</Macro>\nUse App\n",
    words: /site\.conf:3: macro 'App' .* used with 0 arguments instead of 1/,
    says: /as many values as it has parameters/,
  },
  {
    name: "TLS without a certificate",
    text: site("SSLEngine on\nProxyPass / http://app:9000/ upgrade=websocket"),
    words: /site\.conf:3: Server should be SSL-aware but has no certificate configured/,
    says: /has no certificate/,
  },
  {
    name: "a directive in the wrong place",
    text: site("Listen 8080"),
    words: /site\.conf:3: Listen cannot occur within/,
    says: /does not go into the section/,
  },
];
