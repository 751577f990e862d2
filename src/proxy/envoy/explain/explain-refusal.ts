/**
 * What Envoy means by refusing a config.
 */
import { nearestName } from "../../../base/nearest-name.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { knownFields } from "../confine/allowed-messages.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray) => Explanation;
}

const meanings: readonly Meaning[] = [
  {
    pattern: /message \S*?(\w+), near .*no such field: '([^']+)'/,
    explain: ([, message = "", field = ""]) => {
      const near = nearestName(field, knownFields);
      return {
        cause: `${message} has no field ${field} in this version of Envoy, or it belongs a level higher or lower`,
        cure:
          near === null || near === field
            ? "take it out, or to the message that it belongs to"
            : `did you mean ${near}?`,
      };
    },
  },
  {
    pattern: /unknown cluster '([^']+)'/,
    explain: ([, name]) => ({
      cause: `no cluster is called ${name}`,
      cure: "the name of a cluster in static_resources, or of one that comes from elsewhere with `validate_clusters: false`",
    }),
  },
  {
    pattern:
      /(?:could not find|Didn't find a registered implementation for) .*?'?(?:type URL:? )?'?([\w./]+)'?/i,
    explain: ([, name]) => ({
      cause: `this Envoy has no extension ${name}: a name of an older version, or one that was left out when it was built`,
      cure: "the extension's name and `@type` of this version; `envoy -l info` lists what is built in",
    }),
  },
  {
    pattern: /yaml-cpp: error at line \d+|: not YAML: /,
    explain: () => ({
      cause: "the file is no YAML",
      cure: "correct the indentation of the line that it names",
    }),
  },
  {
    pattern:
      /Only unique names|duplicate (?:cluster|listener|virtual host)|Only unique values for domains|Only a single wildcard domain/i,
    explain: () => ({
      cause: "two of them have one name, or one domain",
      cure: "a name, or a domain, for each",
    }),
  },
  {
    pattern: /(\w+)ValidationError\.(\w+).*?: (value [^|\]]+)/,
    explain: ([, message, field, rule]) => ({
      cause: `${field} of ${message}: ${rule}`,
      cure: "a value that fulfils it",
    }),
  },
  {
    pattern: /Failed to load .* from|unable to read file|Invalid path: (\S+)/i,
    explain: () => ({
      cause: "a file that the config names cannot be read",
      cure: "the file's path, and who may read it",
    }),
  },
  {
    pattern: /Duration|duration must end with a single 's'/,
    explain: () => ({
      cause: "a time is written in seconds, with an s",
      cure: "such as `timeout: 15s` or `0.5s`",
    }),
  },
];

export function explainRefusal(words: string): Explanation {
  for (const { pattern, explain } of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return explain(match);
  }
  return {
    cause: "Envoy does not start with this config",
    cure: "correct what it names; `envoy --mode validate -c FILE` says the same, and runs the config's code",
  };
}
