/**
 * A user's config as one. Traefik reads an install configuration ("static") once, and the routing configuration ("dynamic")
 * from the file or the folder that it names; a file of routes alone is a config too, whose entry points stand elsewhere.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import type { ConfigEntry, ConfigMap } from "../../tree/config-node.js";
import { type ConfigFiles, createConfigFiles } from "./config-files.js";
import { entryOf, nodeAt, textAt } from "./fields.js";
import { mergeRoutes } from "./merge-routes.js";
import { parseConfig } from "./parse-config.js";
import { type ReadVariable, renderTemplate } from "./render-template.js";

export interface ReadConfig {
  /** What the user named. */
  readonly file: string;
  /** Null for a file of routes alone. */
  readonly install: ConfigMap | null;
  /** Of all files of routes. */
  readonly routing: ConfigMap;
  /** What was read from elsewhere: a sentence each, with what names it. */
  readonly followed: readonly { readonly sentence: string; readonly place: Place | null }[];
  /** Routes in a file whose routes Traefik does not look at; null for none. */
  readonly ignored: ConfigEntry | null;
  /** What templates have put in for the environment. */
  readonly variables: ReadonlyMap<string, string>;
  readonly files: ConfigFiles;
}

const routingFields = new Set(["http", "tcp", "udp", "tls"]);

/** @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed */
export function readConfig(
  file: string,
  { confinedTo }: { readonly confinedTo: readonly ReadableFolder[] | null },
): ReadConfig {
  const files = createConfigFiles(file, confinedTo);
  const text = files.read(file, "the config", { file, line: 1 });
  const variables = new Map<string, string>();
  const read: ReadVariable = (name) => (confinedTo === null ? (process.env[name] ?? "") : "");
  const render = (at: string, template: string): ConfigMap => {
    const rendered = renderTemplate(at, template, read);
    for (const [name, value] of rendered.variables) variables.set(name, value);
    return parseConfig(at, rendered.text);
  };
  const nothing = { followed: [], ignored: null, variables, files };
  if (!isInstall(file, text)) return { ...nothing, file, install: null, routing: render(file, text) };
  const install = parseConfig(file, text);
  const ignored = install.entries.find(({ key }) => routingFields.has(key.toLowerCase())) ?? null;
  const { followed, trees } = readRoutes(install, files, render);
  return { ...nothing, file, install, ignored, followed, routing: mergeRoutes(trees) };
}

/** A file that says anything but routes; a template may be no YAML before it is rendered. */
function isInstall(file: string, text: string): boolean {
  if (/\{\{/.test(text.replace(/^\s*#.*$/gm, ""))) return false;
  const { entries } = parseConfig(file, text);
  return entries.some(({ key }) => !routingFields.has(key.toLowerCase()));
}

function readRoutes(
  install: ConfigMap,
  files: ConfigFiles,
  render: (at: string, text: string) => ConfigMap,
): Pick<ReadConfig, "followed"> & { readonly trees: readonly ConfigMap[] } {
  const provider = nodeAt(install, "providers", "file");
  // A folder goes before a file.
  const name = textAt(provider, "directory") === null ? "filename" : "directory";
  const path = textAt(provider, name);
  const place = entryOf(provider, name)?.place ?? null;
  if (path === null) return { followed: [], trees: [] };
  const at = files.placeOf(path);
  const what = `providers.file.${name} ${path}`;
  const found = name === "directory" ? files.below(at, what, place) : [at];
  const trees = found.map((one) => render(files.called(one), files.read(one, what, place)));
  const sentence =
    name === "directory"
      ? `The routes of ${path} are one file in the private folder (${found.length} ${found.length === 1 ? "file" : "files"} of ${files.called(at)})`
      : `The routes of ${path} are a file in the private folder (${files.called(at)})`;
  return { followed: [{ sentence, place }], trees };
}
