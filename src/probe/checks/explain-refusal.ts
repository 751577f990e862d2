/**
 * Why nginx refuses a config, and what to do about it: told from its words, its version, and the line that it names.
 */
import { type Finding, fault } from "../../diagnosis/finding.js";
import { ConfigRefusedError } from "../../proxy/config-refused-error.js";
import type { ProxyDriver } from "../../proxy/driver.js";
import { directivesRefused } from "../../proxy/nginx/explain/refused-place.js";
import { gapWords, versionGap } from "../../proxy/nginx/explain/version-gap.js";
import { type Directive, placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { type TemplateMark, UnrenderedTemplateError } from "../../proxy/nginx/language/template-marks.js";
import { NginxRefusedError, type RefusedConfig } from "../../proxy/nginx/run/config-refused-error.js";
import { explainCurves } from "./explain-curves.js";
import { refusalMeanings } from "./refusal-meanings.js";

interface Explanation {
  readonly cause: string;
  readonly cure: string;
}

/** What keeps a config from being run, as a finding; null for what is none of the config's. */
export function explainThrown(thrown: unknown, explain: ProxyDriver["explainRefusal"]): Finding | null {
  if (thrown instanceof UnrenderedTemplateError) return unrendered(thrown.mark, []);
  if (!(thrown instanceof ConfigRefusedError)) return null;
  const evidence = thrown.words.split("; ").map((line) => `proxy said: ${line}`);
  if (!(thrown instanceof NginxRefusedError)) {
    const plain = { cause: thrown.words, cure: "correct the line that the proxy names" };
    const told = explain?.(thrown.words) ?? plain;
    const title = "the proxy refuses its config";
    return fault("config-refused", { side: "proxy", title, evidence, cause: told.cause, cure: told.cure });
  }
  if (thrown.template !== null) return unrendered(thrown.template, evidence);
  return fault("config-refused", {
    side: "proxy",
    title: "the proxy refuses its config",
    evidence,
    ...explainRefusal(thrown),
  });
}

/** A template in place of a config. */
export function unrendered({ text, origin }: TemplateMark, evidence: readonly string[]): Finding {
  return fault("config-refused", {
    side: "proxy",
    title: "the file is a template that was not rendered",
    evidence: [...evidence, `config: \`${text}\` at ${placeOf(origin)}`],
    cause: `the file is a template, of envsubst, Jinja, ERB or the like: \`${text}\` is to be filled in, and nginx ${evidence.length > 0 ? "trips over it" : "takes it as it stands"}`,
    cure: "render it first, and probe what comes out; of a container that runs, its own:\ndocker exec NAME cat /etc/nginx/nginx.conf",
  });
}

function explainRefusal({ words, hint, subject }: NginxRefusedError): Explanation {
  const told = subject === null ? null : explainSubject(words, subject);
  if (told !== null) return told;
  const { cause, cure } = explainWords(words);
  return hint === null ? { cause, cure } : { cause: `${cause}; ${hint}`, cure };
}

/** Told from nginx's words alone. */
export function explainWords(words: string): Explanation {
  for (const { pattern, cause, cure } of refusalMeanings) {
    const match = words.match(pattern);
    if (match === null) continue;
    return {
      cause: typeof cause === "string" ? cause : cause(match),
      cure: typeof cure === "string" ? cure : cure(match),
    };
  }
  return { cause: words, cure: "correct the line that nginx names" };
}

function explainSubject(words: string, { tree, version, build }: RefusedConfig): Explanation | null {
  const gap = versionGap(words, tree, version);
  if (gap !== null) return { cause: gapWords(gap, version), cure: gap.instead };
  return explainCurves(words, build) ?? explainDuplicate(words, tree) ?? explainZone(words, tree);
}

/** Hash sizes that nginx settles on when it reads the first map, whose own default is then the first value. */
const settledByMap = /^map_hash_/;

function explainDuplicate(words: string, tree: readonly Directive[]): Explanation | null {
  const [, name] = /"(\w+)" directive is duplicate/.exec(words) ?? [];
  const [refused] = directivesRefused(tree, words).filter(({ node }) => node.name === name);
  if (name === undefined || refused === undefined) return null;
  const block = refused.path.at(-1)?.block ?? tree;
  const earlier = block.slice(0, block.indexOf(refused.node));
  const first = earlier.find((node) => node.name === name);
  const map = earlier.find((node) => node.name === "map");
  if (first === undefined && map !== undefined && settledByMap.test(name)) {
    return {
      cause: `nginx settles on \`${name}\` when it reads the first map, which stands before it at ${placeOf(map.origin)}`,
      cure: `it must stand before the first map, above ${placeOf(map.origin)}:\n${[name, ...refused.node.args].join(" ")};`,
    };
  }
  if (first === undefined) return null;
  return {
    cause: `\`${name}\` is set twice in one block: at ${placeOf(first.origin)} and again at ${placeOf(refused.node.origin)}`,
    cure: "take one out",
  };
}

const zoneMakers: Readonly<Record<string, (name: string) => string>> = {
  limit_conn: (name) => `limit_conn_zone $binary_remote_addr zone=${name}:10m;`,
  limit_req: (name) => `limit_req_zone $binary_remote_addr zone=${name}:10m rate=10r/s;`,
  proxy_cache: (name) => `proxy_cache_path /var/cache/nginx/${name} keys_zone=${name}:10m;`,
};

/** A zone is made in http { }, for whichever directive uses it. */
function explainZone(words: string, tree: readonly Directive[]): Explanation | null {
  const [, name] = /(?:zero size shared memory zone|"proxy_cache" zone) "([^"]+)"/.exec(words) ?? [];
  const user = directivesRefused(tree, words).find(({ node }) => node.name in zoneMakers)?.node;
  const make = zoneMakers[user?.name ?? ""];
  if (name === undefined || user === undefined || make === undefined) return null;
  return {
    cause: `the zone ${name}, which \`${[user.name, ...user.args].join(" ")}\` uses, is never defined: that usually stands in http { } of nginx.conf`,
    cure: `in http (or give the nginx.conf that has it, where this file is a part):\n${make(name)}`,
  };
}
