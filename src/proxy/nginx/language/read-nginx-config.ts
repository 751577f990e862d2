/**
 * Reads a user's config with all that it includes, into one tree. Nothing is run and nothing is opened for writing.
 */
import { statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { codeOf, messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import { outsideError, untrackedWords } from "../../reach/confinement.js";
import { globFiles, isGlob } from "../../reach/glob-files.js";
import { fixedPart, shownName } from "../../reach/include-paths.js";
import { placeToRead } from "../../reach/place-to-read.js";
import type { Reach } from "../../reach/reach.js";
import type { Adoption } from "../adopt/adoption.js";
import { NginxRefusedError } from "../run/config-refused-error.js";
import { refuseForeignEncoding } from "./config-encoding.js";
import { type Directive, type Origin, placeOf } from "./nginx-tree.js";
import { parseNginxConfig } from "./parse-nginx-config.js";
import { markInText } from "./template-marks.js";

/** What all the files of a config may come to; a file of theirs that is longer is no config. */
const most = { files: 5000, bytes: 32 * 1024 ** 2 };
/** Of a stranger's, which is not to keep a job busy. */
const mostConfined = { ...most, bytes: 4 * 1024 ** 2 };

/** Deeper than anybody nests, and short of an endless circle of includes. */
const maxDepth = 20;

/**
 * @throws UsageError when the file cannot be read
 * @throws NginxRefusedError when it is not well-formed, or includes a file that is not there
 */
export function readNginxConfig(file: string, adoption: Adoption): Directive[] {
  const obstacle = whyUnreachable(file, adoption);
  if (obstacle !== null) throw new UsageError(`Cannot read the nginx config ${file}: ${obstacle}`);
  const reading = { adoption, files: 0, bytes: 0 };
  return follow(parseConfigText(readUserFile(file, reading), file), reading, 0);
}

/** Null where it may be read, if it is there. */
function whyUnreachable(file: string, { reach, confinedTo }: Adoption): string | null {
  if (reach.isOutside(file))
    return `it leads out of ${confinedTo?.[0]?.path}, and a gate reads nothing else of this machine`;
  if (!reach.isGitsToTell(file) || reach.fileAt(file) !== null) return null;
  return untrackedWords(file);
}

/** @throws NginxRefusedError */
function parseConfigText(text: string, file: string): Directive[] {
  refuseForeignEncoding(text, file);
  try {
    return parseNginxConfig(text, file);
  } catch (thrown) {
    const template = markInText(text, file);
    if (!(thrown instanceof NginxRefusedError) || template === null) throw thrown;
    throw new NginxRefusedError(file, thrown.words, { template, cause: thrown });
  }
}

/** A config being read, and what has been read of it. */
interface Reading {
  readonly adoption: Adoption;
  files: number;
  bytes: number;
}

/** @throws UsageError before a text is read that makes the config too large, or as readSmallFile does */
function readCounted(file: string, reading: Reading): string {
  const { files, bytes } = reading.adoption.confinedTo === null ? most : mostConfined;
  reading.files++;
  reading.bytes += statSync(file).size;
  if (reading.files <= files && reading.bytes <= bytes)
    return readSmallFile(file, most.bytes).toString("utf8");
  const found = reading.bytes > bytes ? `more than ${bytes >> 20} MiB` : `more than ${files} files`;
  throw new UsageError(`Cannot adopt ${reading.adoption.file}: with all it includes it comes to ${found}`);
}

const plainReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
};

function readUserFile(file: string, reading: Reading): string {
  try {
    return readCounted(placeToRead(file, reading.adoption.reach), reading);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    const code = codeOf(thrown) ?? "";
    const reason = plainReasons[code] ?? messageOf(thrown);
    throw new UsageError(`Cannot read the nginx config ${file}: ${reason}`, { cause: thrown });
  }
}

/** Also inside blocks of data: `map` and its like take includes too. */
function follow(tree: readonly Directive[], reading: Reading, depth: number): Directive[] {
  return tree.flatMap((node) => {
    if (node.block !== null) return [{ ...node, block: follow(node.block, reading, depth) }];
    const [pattern] = node.args;
    if (node.name !== "include" || node.args.length !== 1 || pattern === undefined) return [node];
    if (depth === maxDepth) throw refusal(node.origin, `includes are nested more than ${maxDepth} deep`);
    return includedFiles(pattern, node.origin, reading.adoption).flatMap((file) => {
      const text = readIncluded(file, node.origin, reading);
      return follow(parseConfigText(text, shownName(file)), reading, depth + 1);
    });
  });
}

/**
 * nginx takes an include as relative to the folder of its main file. The file given may be a site's part that lives
 * one folder below (`sites-enabled/`, `conf.d/`), so that the parent folder is tried as well.
 */
function includedFiles(pattern: string, origin: Origin | null, adoption: Adoption): string[] {
  const { configFolder, confinedTo, reach } = adoption;
  const candidates = isAbsolute(pattern)
    ? [pattern]
    : [resolve(configFolder, pattern), resolve(dirname(configFolder), pattern)];
  const allowed = candidates.filter((path) => !reach.isOutside(fixedPart(path)));
  const found = allowed.map((path) => filesAt(path, reach)).find((files) => files.length > 0);
  if (found !== undefined) return inside(found, { pattern, origin, adoption });
  const beside = besideConfig(pattern, adoption);
  if (beside.length > 0) {
    adoption.note(`${pattern} was read from beside the config: there is no such file here`, origin);
    return inside(beside, { pattern, origin, adoption });
  }
  const isOutside = !allowed.includes(candidates[0] ?? "");
  if (isGlob(pattern)) {
    if (isOutside)
      adoption.note(`The include of ${pattern} was left out: a gate does not read there`, origin);
    return [];
  }
  const [, reason] = dispensable.find(([name]) => name.test(pattern)) ?? [];
  if (reason !== undefined) {
    const name = pattern.split("/").at(-1);
    adoption.note(`The include of ${name} was left out: there is no such file here, and ${reason}`, origin);
    return [];
  }
  if (isOutside) throw outsideError(`include ${pattern}`, origin, confinedTo ?? []);
  throw missing(candidates[0] ?? pattern, origin, reach);
}

interface Found {
  readonly pattern: string;
  readonly origin: Origin | null;
  readonly adoption: Adoption;
}

/** What a pattern matches may be a link that leads out. @throws UsageError */
function inside(files: readonly string[], { pattern, origin, adoption }: Found): string[] {
  const { reach, confinedTo } = adoption;
  if (files.some((file) => reach.isOutside(file)))
    throw outsideError(`include ${pattern}`, origin, confinedTo ?? []);
  return [...files];
}

/** Files that come with a distribution or with certbot, and what it means to do without. */
const dispensable: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)mime\.types$/, "no WebSocket needs it"],
  [/(^|\/)(fastcgi_params|fastcgi\.conf|uwsgi_params|scgi_params)$/, "no WebSocket needs it"],
  [/(^|\/)options-ssl-nginx\.conf$/, "nginx's own TLS settings serve in its place"],
];

function filesAt(path: string, reach: Reach): string[] {
  if (isGlob(path)) return globFiles(path, reach);
  return reach.fileAt(path) === null ? [] : [path];
}

/** It has no end to read to; nginx finds nothing in the one that is of use, /dev/null. */
function isPipeOrDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** `/etc/nginx/conf.d/*.conf` in a repository's nginx.conf: the folder that it is deployed to, seen from where it is kept. */
function besideConfig(pattern: string, { configFolder, reach }: Adoption): string[] {
  const below = pattern.match(
    /^(?:\/usr\/local)?(?:\/etc\/(?:nginx|openresty)|(?:\/usr\/local|\/opt)\/nginx\/conf)\/(.+)$/,
  )?.[1];
  return below === undefined ? [] : filesAt(resolve(configFolder, below), reach);
}

function readIncluded(file: string, origin: Origin | null, reading: Reading): string {
  const { reach } = reading.adoption;
  const path = reach.fileAt(file);
  if (path === null) throw missing(file, origin, reach);
  try {
    return isPipeOrDevice(path) ? "" : readCounted(path, reading);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw refusal(origin, `open() "${file}" failed (${codeOf(thrown) ?? messageOf(thrown)})`);
  }
}

/** The same whether it is not there or not in git: a config is not to learn what else lies in a checkout. */
function missing(file: string, origin: Origin | null, reach: Reach): NginxRefusedError {
  const why = reach.isGitsToTell(file) ? ", and git tracks no such file" : "";
  return refusal(origin, `open() "${file}" failed (2: No such file or directory${why})`);
}

function refusal(origin: Origin | null, words: string): NginxRefusedError {
  return new NginxRefusedError(origin?.file ?? "the config", `${words} in ${placeOf(origin)}`);
}
