/**
 * Reads a user's config with all that it includes, into one tree. Nothing is run and nothing is opened for writing.
 */
import { readFileSync, statSync } from "node:fs";
import { devNull } from "node:os";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { codeOf, messageOf, UsageError } from "../../base/errors.js";
import type { Adoption } from "./adoption.js";
import { ConfigRefusedError } from "./config-refused-error.js";
import { globFiles, isGlob } from "./glob-files.js";
import { type Directive, type Origin, placeOf } from "./nginx-tree.js";
import { parseNginxConfig } from "./parse-nginx-config.js";

/** Deeper than anybody nests, and short of an endless circle of includes. */
const maxDepth = 20;

/**
 * @throws UsageError when the file cannot be read
 * @throws ConfigRefusedError when it is not well-formed, or includes a file that is not there
 */
export function readNginxConfig(file: string, adoption: Adoption): Directive[] {
  return follow(parseNginxConfig(readUserFile(file), file), adoption, 0);
}

const plainReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
};

function readUserFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    const code = codeOf(thrown) ?? "";
    const reason = plainReasons[code] ?? messageOf(thrown);
    throw new UsageError(`Cannot read the nginx config ${file}: ${reason}`, { cause: thrown });
  }
}

/** Also inside blocks of data: `map` and its like take includes too. */
function follow(tree: readonly Directive[], adoption: Adoption, depth: number): Directive[] {
  return tree.flatMap((node) => {
    if (node.block !== null) return [{ ...node, block: follow(node.block, adoption, depth) }];
    const [pattern] = node.args;
    if (node.name !== "include" || node.args.length !== 1 || pattern === undefined) return [node];
    if (depth === maxDepth) throw refusal(node.origin, `includes are nested more than ${maxDepth} deep`);
    return includedFiles(pattern, node.origin, adoption).flatMap((file) =>
      follow(parseNginxConfig(readIncluded(file, node.origin), shownName(file)), adoption, depth + 1),
    );
  });
}

/**
 * nginx takes an include as relative to the folder of its main file. The file given may be a site's part that lives
 * one folder below (`sites-enabled/`, `conf.d/`), so that the parent folder is tried as well.
 */
function includedFiles(pattern: string, origin: Origin | null, adoption: Adoption): string[] {
  const { configFolder } = adoption;
  const candidates = isAbsolute(pattern)
    ? [pattern]
    : [resolve(configFolder, pattern), resolve(dirname(configFolder), pattern)];
  const found = candidates.map(filesAt).find((files) => files.length > 0);
  if (found !== undefined) return found;
  const beside = besideConfig(pattern, configFolder);
  if (beside.length > 0) {
    adoption.note(`${pattern} was read from beside the config: there is no such file here`, origin);
    return beside;
  }
  if (isGlob(pattern)) return [];
  const [, reason] = dispensable.find(([name]) => name.test(pattern)) ?? [];
  if (reason !== undefined) {
    const name = pattern.split("/").at(-1);
    adoption.note(`The include of ${name} was left out: there is no such file here, and ${reason}`, origin);
    return [];
  }
  throw refusal(origin, `open() "${candidates[0]}" failed (2: No such file or directory)`);
}

/** Files that come with a distribution or with certbot, and what it means to do without. */
const dispensable: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)mime\.types$/, "no WebSocket needs it"],
  [/(^|\/)(fastcgi_params|fastcgi\.conf|uwsgi_params|scgi_params)$/, "no WebSocket needs it"],
  [/(^|\/)options-ssl-nginx\.conf$/, "nginx's own TLS settings serve in its place"],
];

function filesAt(path: string): string[] {
  if (isGlob(path)) return globFiles(path);
  const found = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe has no end to read to; nginx finds nothing in the one that is of use, /dev/null.
  return found === undefined ? [] : [found.isFile() || found.isDirectory() ? path : devNull];
}

/** `/etc/nginx/conf.d/*.conf` in a repository's nginx.conf: the folder that it is deployed to, seen from where it is kept. */
function besideConfig(pattern: string, configFolder: string): string[] {
  const below = pattern.match(
    /^(?:\/usr\/local)?(?:\/etc\/(?:nginx|openresty)|(?:\/usr\/local|\/opt)\/nginx\/conf)\/(.+)$/,
  )?.[1];
  return below === undefined ? [] : filesAt(resolve(configFolder, below));
}

function readIncluded(file: string, origin: Origin | null): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw refusal(origin, `open() "${file}" failed (${codeOf(thrown) ?? messageOf(thrown)})`);
  }
}

function refusal(origin: Origin | null, words: string): ConfigRefusedError {
  return new ConfigRefusedError(origin?.file ?? "the config", `${words} in ${placeOf(origin)}`);
}

/** Files below the working directory are named from there, as users name them. */
function shownName(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith("..") || isAbsolute(fromHere) ? file : fromHere;
}
