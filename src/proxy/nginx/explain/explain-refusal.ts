/**
 * Why nginx refuses a config, and what to do about it: told from its words, its version, and the line that it names.
 */
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, placeOf } from "../language/nginx-tree.js";
import { type TemplateMark, UnrenderedTemplateError } from "../language/template-marks.js";
import { NginxRefusedError, type RefusedConfig } from "../run/config-refused-error.js";
import { explainCurves } from "./explain-curves.js";
import { refusalMeanings } from "./refusal-meanings.js";
import { directivesRefused } from "./refused-place.js";
import { gapWords, versionGap } from "./version-gap.js";

/** By what was thrown; null for what is none of the config's. */
export function explainRefusal(thrown: unknown): Explanation | null {
  if (thrown instanceof UnrenderedTemplateError) return explainTemplate(thrown.mark, "takes it as it stands");
  if (!(thrown instanceof NginxRefusedError)) return null;
  return thrown.template === null
    ? explainRefused(thrown)
    : explainTemplate(thrown.template, "trips over it");
}

export const templateTitle = "the file is a template that was not rendered";

/** A template in place of a config. */
export function explainTemplate({ text, origin }: TemplateMark, how: string): Explanation {
  return {
    title: templateTitle,
    cause: `the file is a template, of envsubst, Jinja, ERB or the like: \`${text}\` is to be filled in, and nginx ${how}`,
    cure: "render it first, and probe what comes out; of a container that runs, its own:\ndocker exec NAME cat /etc/nginx/nginx.conf",
    quotes: [{ text, place: origin }],
  };
}

function explainRefused({ words, hint, subject }: NginxRefusedError): Explanation {
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
