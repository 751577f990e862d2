/**
 * What HAProxy means by refusing a config.
 */

import { nearestName } from "../../../base/nearest-name.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { harmlessInProxies } from "../confine/confined-words.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray) => Explanation;
}

const meanings: readonly Meaning[] = [
  {
    pattern: /unknown keyword '([^']+)'/,
    explain: ([, keyword = ""]) => {
      const near = nearestName(keyword, [...harmlessInProxies]);
      return {
        cause: `${keyword} is no keyword of this section, or not of this version`,
        cure:
          near === null
            ? "take the line out, or into the section that it belongs to"
            : `did you mean ${near}?`,
      };
    },
  },
  {
    pattern:
      /'(reqadd|reqrep|reqirep|rspadd|rsprep|reqdel|reqidel|block|nbproc|redispatch|[^']+)' directive is not supported anymore since HAProxy ([\d.]+)\.?(?: Use '([^']+)')?/,
    explain: ([, keyword, version, instead]) => ({
      cause: `${keyword} is gone since HAProxy ${version}`,
      cure: instead === undefined ? "take it out" : `${instead} in its place`,
    }),
  },
  {
    pattern: /no such ACL : '([^']+)'/,
    explain: ([, name]) => ({
      cause: `no line \`acl ${name} …\` stands before the rule in this section`,
      cure: `acl ${name} path_beg /ws`,
    }),
  },
  {
    pattern: /unable to find required (?:default|use)_backend: '([^']+)'/,
    explain: ([, name]) => ({
      cause: `no backend is called ${name}`,
      cure: "the name of a backend of the config",
    }),
  },
  {
    pattern: /could not resolve address '?([^'. ]+[^' ]*?)'?\.?(?:\s|$)/,
    explain: ([, name]) => ({
      cause: `${name} is not known to DNS where HAProxy starts, and it wants every name at its start`,
      cure: "a name that resolves; or, to start all the same and answer 503 meanwhile, with a resolvers section:\ndefault-server init-addr last,libc,none resolvers NAME",
    }),
  },
  {
    pattern: /verify is enabled by default but no CA file specified/,
    explain: () => ({
      cause: "`ssl` at a server checks its certificate, and nothing says by which authorities",
      cure: "ssl verify required ca-file /etc/ssl/certs/ca-certificates.crt",
    }),
  },
  {
    pattern: /Missing LF on last line/,
    explain: () => ({
      cause: "the last line has no end: HAProxy takes the file for cut off",
      cure: "a line feed at the end of the file",
    }),
  },
  {
    pattern: /failed to open pattern file <([^>]+)>|parse '([^']*\.(?:map|lst|acl))/,
    explain: ([, first, second]) => ({
      cause: `${first ?? second ?? "a file of patterns"} is not there, or cannot be read: HAProxy reads every map and list at its start`,
      cure: "put the file there, or correct its path",
    }),
  },
  {
    pattern: /no frontend of it has a `bind`/,
    explain: () => ({
      cause: "nothing of the config listens: the file is a part of one, or its frontend has no `bind`",
      cure: "the folder, or the file, that has the frontend too; or in it:\nbind :80",
    }),
  },
  {
    pattern: /\.if without \.endif/,
    explain: () => ({
      cause: "the block of `.if` runs to the end of the file",
      cure: "where it is to end:\n.endif",
    }),
  },
  {
    pattern: /unmatched (double|single|quote)|unmatched quote/,
    explain: ([, kind]) => ({
      cause: `a ${kind === "single" ? "single" : "double"} quote is opened and not closed on its line; a line ends where it ends, but behind a backslash`,
      cure: 'close it, or write \\" for a quote that is meant as one',
    }),
  },
  {
    pattern: /^'(.+)' in \S+:\d+$/,
    explain: ([, words]) => ({
      cause: `the config itself refuses to be started here, by \`.alert\`: ${words}`,
      cure: "the condition (`.if`) around it says where it is to run",
    }),
  },
  {
    pattern: /incompatible (tcp|http) backend/,
    explain: ([, mode]) => ({
      cause: `frontend and backend must have one mode, and the backend's is ${mode}`,
      cure: "`mode http` in both, or in defaults",
    }),
  },
];

export function explainRefusal(words: string): Explanation {
  for (const { pattern, explain } of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return explain(match);
  }
  return {
    cause: "HAProxy does not start with this config, and a reload keeps the old one",
    cure: "correct what it names; `haproxy -c -f FILE` says the same",
  };
}
