/**
 * What Apache means by refusing a config.
 */
import { nearestName } from "../../../base/nearest-name.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { directiveNames, modulesOf } from "../language/directive-modules.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray) => Explanation;
}

const meanings: readonly Meaning[] = [
  {
    pattern: /Invalid command '<?([^'>]+)>?', perhaps misspelled/,
    explain: ([, name = ""]) => {
      const [owner] = modulesOf(name.toLowerCase());
      if (owner !== undefined && owner !== "core" && owner !== "mpm")
        return {
          cause: `${name} is mod_${owner}'s, which the config does not load, or this machine's Apache does not have`,
          cure: `\`a2enmod ${owner}\`, or before it:\nLoadModule ${owner}_module modules/mod_${owner}.so`,
        };
      const near = nearestName(name.toLowerCase(), [...directiveNames]);
      return {
        cause: `no module of Apache has a directive ${name}`,
        cure:
          near === null
            ? "take the line out, or load the module that it belongs to"
            : `did you mean ${near}?`,
      };
    },
  },
  {
    pattern: /Unknown Authz provider: (\S+)/,
    explain: ([, name = ""]) => {
      const owner = /^(?:ip|host|local)$/.test(name)
        ? "authz_host"
        : name === "group"
          ? "authz_groupfile"
          : "authz_user";
      return {
        cause: `\`Require ${name}\` is mod_${owner}'s, which the config does not load`,
        cure: `LoadModule ${owner}_module modules/mod_${owner}.so`,
      };
    },
  },
  {
    pattern: /Can't find .*lbmethod|lbmethod .*not|unknown lbmethod/i,
    explain: () => ({
      cause: "the balancer's method is a module of its own, which the config does not load",
      cure: "LoadModule lbmethod_byrequests_module modules/mod_lbmethod_byrequests.so",
    }),
  },
  {
    pattern: /ProxyPass\|ProxyPassMatch needs a path when not defined in a location/,
    explain: () => ({
      cause: "outside of a Location ProxyPass wants the path as well as the target",
      cure: "ProxyPass /ws http://ADDRESS:PORT/ws upgrade=websocket",
    }),
  },
  {
    pattern: /ProxyPass.* can not have a path when defined in a location|cannot be used in a location/i,
    explain: () => ({
      cause: "in a Location the path is the Location's, and ProxyPass takes the target alone",
      cure: "ProxyPass http://ADDRESS:PORT/ws upgrade=websocket",
    }),
  },
  {
    pattern: /(?:ProxyPass|BalancerMember|ProxySet).* (?:unknown|Unknown|Invalid).*(?:parameter|Worker|key)/i,
    explain: () => ({
      cause:
        "a parameter that this version does not know, or that belongs to the members of a balancer and not to it",
      cure: "`upgrade=websocket` at each BalancerMember; from 2.4.47 on",
    }),
  },
  {
    pattern: /<(\/?\w+)> was not closed|Expected <\/(\w+)> but saw|without matching <(\w+)>/,
    explain: ([, first, second, third]) => ({
      cause: `the section ${first ?? second ?? third} is not opened and closed in order`,
      cure: `</${(first ?? second ?? third ?? "").replace("/", "")}> where it is to end`,
    }),
  },
  {
    pattern: /Could not open configuration file (\S+?):|No matches for the wildcard '([^']+)'/,
    explain: ([, file, glob]) => ({
      cause: `${file ?? glob} is not there, and Include wants a file`,
      cure: "put it there, correct its path, or:\nIncludeOptional PATH",
    }),
  },
  {
    pattern:
      /RewriteRule: bad argument|RewriteCond: bad (?:argument|flag)|unknown flag '([^']*)'|bad flag delimiters/,
    explain: () => ({
      cause:
        "a rule has the pattern, the target and the flags, parted by blanks: a blank within one of them wants quotes",
      cure: 'RewriteRule "^/ws/(.*)" "ws://ADDRESS:PORT/$1" [P,L]',
    }),
  },
  {
    pattern: /cannot compile regular expression|Regular expression could not be compiled/i,
    explain: () => ({
      cause: "the regular expression has an end that is missing, or a sign in the wrong place",
      cure: "balance its brackets; a dot that is meant as one is `\\.`",
    }),
  },
  {
    pattern: /not allowed here|not allowed in \S+ context|cannot occur within/,
    explain: () => ({
      cause: "the directive does not go into the section that it stands in",
      cure: "the section around it, or the server",
    }),
  },
  {
    pattern: /Unrecognized Header function|first argument must be/i,
    explain: () => ({
      cause: "the first word says what is done with the header",
      cure: 'RequestHeader set NAME "VALUE"',
    }),
  },
  {
    pattern: /no listening sockets available|AH00015/,
    explain: () => ({ cause: "nothing of the config listens", cure: "Listen 80" }),
  },
  {
    pattern: /macro '([^']+)'/,
    explain: ([, name]) => ({
      cause: `Use and <Macro> of ${name} do not fit together`,
      cure: "the macro before its use, and as many values as it has parameters",
    }),
  },
  {
    pattern: /no certificate configured/,
    explain: () => ({
      cause: "a virtual host speaks TLS and has no certificate",
      cure: "SSLCertificateFile FILE\nSSLCertificateKeyFile FILE",
    }),
  },
  {
    pattern: /(?:takes|requires) (?:one|two|three|\d|at least|only|an?|no)\b|must be (?:On|one|greater)/i,
    explain: () => ({
      cause: "the directive takes another number of words, or other ones",
      cure: "see the words that Apache wants; a value with blanks stands in quotes",
    }),
  },
];

/** Words of wsrally's or of Apache's, with the user's file and line. */
export function explainRefusal(words: string): Explanation {
  for (const { pattern, explain } of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return explain(match);
  }
  return {
    cause: "Apache does not start with this config, and a graceful reload keeps the old one",
    cure: "correct what it names; `httpd -t` (`apachectl -t`) says the same",
  };
}
