/**
 * A user's config with all that it includes, as one tree: conditions, variables and macros are what they come to. Nothing
 * is run and nothing is opened for writing.
 */
import type { Place } from "../../../diagnosis/quote.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { outsideError } from "../../reach/confinement.js";
import { isGlob } from "../../reach/glob-files.js";
import { shownName } from "../../reach/include-paths.js";
import { conditionKeys, holds } from "./conditions.js";
import { type ConfigFiles, deployedPath, openConfigFiles } from "./config-files.js";
import { type ConfigTree, type Node, withArgs } from "./config-tree.js";
import { keptModules, moduleName } from "./modules.js";
import { parseConfig, refused } from "./parse-config.js";
import { splitWords } from "./words.js";

export interface ReadConfig {
  readonly tree: ConfigTree;
  /** Whether it loads no module: a virtual host's file, say, that a whole config includes. */
  readonly isPart: boolean;
  /** All that were read, the config itself first. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly notes: readonly { readonly sentence: string; readonly place: Place | null }[];
  readonly serverRoot: string | null;
}

interface ReadTerms {
  readonly confinedTo: readonly ReadableFolder[] | null;
  readonly version: string | null;
}

/** What a config's conditions are judged by where no program tells. */
const usualVersion = "2.4.62";
/** Deeper than anybody nests, and short of an endless circle. */
const deepest = 20;
/** Of one config, once macros are what they stand for. */
const mostNodes = 100_000;

/** @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed */
export function readConfig(file: string, terms: ReadTerms): ReadConfig {
  const whole = interpret(file, terms, false);
  return whole.isPart ? interpret(file, terms, true) : whole;
}

/** What comes of a config as it is read from its first line on. */
interface Reading {
  readonly files: ConfigFiles;
  readonly confinedTo: readonly ReadableFolder[] | null;
  readonly isPart: boolean;
  readonly version: string;
  readonly read: { name: string; text: string }[];
  readonly notes: { sentence: string; place: Place | null }[];
  readonly modules: Set<string>;
  readonly defines: Map<string, string>;
  readonly macros: Map<string, Node>;
  serverRoot: string | null;
  nodes: number;
}

/** What Debian's `envvars` sets before Apache starts. */
const debians: Readonly<Record<string, string>> = {
  APACHE_RUN_USER: "www-data",
  APACHE_RUN_GROUP: "www-data",
  APACHE_PID_FILE: "/var/run/apache2/apache2.pid",
  APACHE_RUN_DIR: "/var/run/apache2",
  APACHE_LOCK_DIR: "/var/lock/apache2",
  APACHE_LOG_DIR: "/var/log/apache2",
  APACHE_CONFDIR: "/etc/apache2",
};

function interpret(file: string, { confinedTo, version }: ReadTerms, isPart: boolean): ReadConfig {
  const reading: Reading = {
    ...{ files: openConfigFiles(file, confinedTo), confinedTo, isPart },
    version: version ?? usualVersion,
    ...{ read: [], notes: [], modules: new Set(), defines: new Map(), macros: new Map() },
    ...{ serverRoot: null, nodes: 0 },
  };
  const text = reading.files.read(file);
  reading.read.push({ name: file, text });
  const tree = follow(parseConfig(text, file), reading, 0);
  const { read, notes, serverRoot, modules } = reading;
  return { tree, isPart: modules.size === 0, files: read, notes, serverRoot };
}

function follow(nodes: ConfigTree, reading: Reading, depth: number): Node[] {
  return nodes.flatMap((node) => followNode(expanded(node, reading), reading, depth));
}

function followNode(node: Node, reading: Reading, depth: number): Node[] {
  const { key, args, block, place } = node;
  if (++reading.nodes > mostNodes || depth > deepest)
    throw refusedAt(place, `includes or macros come to more than ${deepest} levels or ${mostNodes} lines`);
  if (block !== null) {
    if (conditionKeys.has(key))
      return holds(key, args, circumstances(reading)) ? follow(block, reading, depth) : [];
    if (key === "macro") {
      reading.macros.set((args[0] ?? "").toLowerCase(), node);
      return [];
    }
    return [{ ...node, block: follow(block, reading, depth) }];
  }
  switch (key) {
    case "include":
    case "includeoptional":
      return args.flatMap((pattern) => included(pattern, node, reading, depth));
    case "define":
      reading.defines.set(args[0] ?? "", args[1] ?? "");
      return [];
    case "undefine":
      reading.defines.delete(args[0] ?? "");
      return [];
    case "use":
      return used(node, reading, depth);
    case "undefmacro":
      reading.macros.delete((args[0] ?? "").toLowerCase());
      return [];
    case "serverroot":
      reading.serverRoot = args[0] ?? null;
      return [node];
    case "loadmodule":
      reading.modules.add(moduleName(args[0] ?? "") ?? args[0] ?? "");
      return [node];
    default:
      return [node];
  }
}

function circumstances({
  modules,
  isPart,
  files,
  serverRoot,
  defines,
  version,
}: Reading): Parameters<typeof holds>[2] {
  const isOwnMpm = (name: string): boolean =>
    name === "mpm_event" && !modules.has("mpm_prefork") && !modules.has("mpm_worker");
  return {
    defines,
    version,
    hasModule: (name) =>
      modules.has(name) ||
      built.has(name) ||
      isOwnMpm(name) ||
      (isPart && keptModules.has(name) && !name.startsWith("mpm_")),
    hasFile: (path) => files.find(path, serverRoot).files.length > 0,
  };
}

/** In most builds' programs. */
const built: ReadonlySet<string> = new Set([
  "core",
  "so",
  "http",
  "log_config",
  "logio",
  "version",
  "unixd",
  "watchdog",
]);

/** With variables filled in; one that is not set stays as it is written, as Apache leaves it. */
function expanded(node: Node, { defines, confinedTo }: Reading): Node {
  if (!node.text.includes("${")) return node;
  const values: string[] = [];
  const fill = (text: string, depth = 0): string =>
    text.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
      const value =
        defines.get(name) ?? (confinedTo === null ? process.env[name] : undefined) ?? debians[name];
      if (value === undefined || depth > 5) return whole;
      values.push(value);
      return fill(value, depth + 1);
    });
  const args = node.args.map((word) => fill(word));
  // A value of several words is still one word.
  if (values.some((value) => /[\s"'\\]/.test(value))) return withArgs(node, args);
  return { ...node, args, text: fill(node.text) };
}

/** Files that come with a distribution or with certbot, and what it means to do without. */
const dispensable: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)options-ssl-apache\.conf$/, "Apache's own TLS settings serve in its place"],
  [
    /(^|\/)(?:httpd-autoindex|httpd-languages|httpd-userdir|httpd-manual|httpd-info)\.conf$/,
    "no WebSocket needs it",
  ],
];

function included(pattern: string, node: Node, reading: Reading, depth: number): Node[] {
  const { files, isBeside, isOutside } = reading.files.find(pattern, reading.serverRoot);
  const { place, key } = node;
  const isOptional = key === "includeoptional";
  const note = (sentence: string): Node[] => {
    reading.notes.push({ sentence, place });
    return [];
  };
  if (isOutside && (files.length > 0 || !isOptional))
    throw outsideError(`${node.name} ${pattern}`, place, reading.confinedTo ?? []);
  if (files.length === 0) {
    const [, reason] = dispensable.find(([name]) => name.test(pattern)) ?? [];
    if (reason !== undefined)
      return note(`The include of ${pattern} was left out: there is no such file here, and ${reason}`);
    if (isOptional) return [];
    const words = isGlob(pattern)
      ? `No matches for the wildcard '${pattern}', failing (use IncludeOptional if required)`
      : `Could not open configuration file ${pattern}: No such file or directory`;
    throw refusedAt(place, words);
  }
  if (isBeside && deployedPath(pattern) !== null)
    note(`${pattern} was read from beside the config: there is no such file here`);
  return files.flatMap((path) => {
    const name = shownName(path);
    const text = reading.files.read(path);
    reading.read.push({ name, text });
    return follow(parseConfig(text, name), reading, depth + 1);
  });
}

/** A macro's lines with what it is used with in the place of its parameters. */
function used(node: Node, reading: Reading, depth: number): Node[] {
  const [name = "", ...values] = node.args;
  const macro = reading.macros.get(name.toLowerCase());
  if (macro === undefined) throw refusedAt(node.place, `macro '${name}' undefined`);
  const parameters = macro.args.slice(1);
  if (parameters.length !== values.length)
    throw refusedAt(
      node.place,
      `macro '${name}' (${placeWords(macro.place)}) used with ${values.length} arguments instead of ${parameters.length}`,
    );
  const pairs = parameters
    .map((parameter, at) => [parameter, values[at] as string] as const)
    .sort(([a], [b]) => b.length - a.length);
  const fill = (one: Node): Node => {
    const text = pairs.reduce((now, [parameter, value]) => now.replaceAll(parameter, value), one.text);
    return { ...one, text, args: splitWords(text, one.key).words, block: one.block?.map(fill) ?? null };
  };
  return follow((macro.block ?? []).map(fill), reading, depth + 1);
}

function refusedAt(place: Place | null, words: string): ReturnType<typeof refused> {
  return refused(place?.file ?? "the config", place?.line ?? 1, words);
}
