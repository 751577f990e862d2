/**
 * Asks the nginx at hand whether it takes an adopted config, and leaves out what it takes for unknown only because a
 * harmless module is not in it. Whatever else it refuses stays refused, in its own words.
 */

import { directiveQuoted, directivesRefused, withoutPlace } from "../explain/refused-place.js";
import { gapWords, versionGap, withoutEntry } from "../explain/version-gap.js";
import { type Directive, directive, type Origin, placeOf, rewrite, walk } from "../language/nginx-tree.js";
import { printNginxConfig } from "../language/print-nginx-config.js";
import { markInTree } from "../language/template-marks.js";
import { endOfReading } from "../run/as-written.js";
import { checkNginxConfig, readWithNginx } from "../run/check-nginx-config.js";
import { NginxRefusedError } from "../run/config-refused-error.js";
import type { NginxInstance } from "../run/nginx-instance.js";
import { familyOfDirective, familyOfVariable } from "./module-families.js";

interface ModuleSettings {
  readonly instance: Omit<NginxInstance, "config">;
  readonly tree: readonly Directive[];
  /** The config that it was made of: what is told of a refusal quotes it. */
  readonly written: readonly Directive[];
  /** Whether modules that the user's config loads were left out. */
  readonly dropsModules: boolean;
  readonly note: (sentence: string, origin: Origin | null) => void;
  readonly signal: AbortSignal;
}

interface SettledConfig {
  readonly instance: NginxInstance;
  readonly tree: readonly Directive[];
  /** As it was checked, addresses filled in. */
  readonly text: string;
}

/** nginx names one unknown word at a time; no config uses more modules than this. */
const maxRounds = 40;

/**
 * A config that is to run.
 * @param head goes before the tree and is no part of it
 * @throws NginxRefusedError with nginx's own words and the user's own file and line
 */
export async function settleModules(
  settings: ModuleSettings,
  head: readonly Directive[],
): Promise<SettledConfig> {
  const { instance: bare, signal } = settings;
  return settle(settings, async (tree) => {
    const instance = { ...bare, config: printNginxConfig([...head, ...tree]) };
    return { instance, tree, text: await checkNginxConfig(instance, signal) };
  });
}

/** A config that is only to be read. @throws as settleModules */
export async function settleReading(settings: ModuleSettings): Promise<void> {
  const { instance: bare, signal } = settings;
  await settle(settings, (tree) =>
    readWithNginx({ ...bare, config: printNginxConfig([...tree, endOfReading]) }, signal),
  );
}

async function settle<Settled>(
  { tree: whole, ...settling }: Settling & Pick<ModuleSettings, "tree">,
  check: (tree: readonly Directive[]) => Promise<Settled>,
): Promise<Settled> {
  let tree = whole;
  for (let round = 0; ; round++) {
    try {
      return await check(tree);
    } catch (thrown) {
      if (!(thrown instanceof NginxRefusedError)) throw thrown;
      const milder = withoutUnknown(tree, thrown.words, settling);
      if (milder === null || round === maxRounds) throw explained(thrown, settling);
      tree = milder;
    }
  }
}

interface Settling extends Pick<ModuleSettings, "dropsModules" | "note" | "written"> {
  readonly instance: Pick<NginxInstance, "program" | "configName">;
}

function explained(
  refusal: NginxRefusedError,
  { instance: { program, configName }, dropsModules, written }: Settling,
): NginxRefusedError {
  const words = placedWords(refusal.words, written);
  const { version, build } = program;
  const hint = hintOf(words, { tree: written, version, dropsModules });
  return new NginxRefusedError(configName, words, {
    hint,
    subject: { tree: written, version, build },
    template: markInTree(written),
    cause: refusal,
  });
}

/**
 * Some of nginx's refusals name no line, or the end of the block in which it noticed, though there is one that holds
 * what they name.
 */
function placedWords(words: string, tree: readonly Directive[]): string {
  const isExact = directivesRefused(tree, words).some(({ node }) => node.block === null);
  const found = isExact ? null : directiveMeant(tree, words);
  return found === null ? words : `${withoutPlace(words)} in ${placeOf(found.origin)}`;
}

function directiveMeant(tree: readonly Directive[], words: string): Directive | null {
  const variable = words.match(/unknown "(\w+)" variable/)?.[1];
  if (variable === undefined) return directiveQuoted(tree, words);
  const uses = ({ args }: Directive): boolean => args.some((word) => usesVariable(word, variable));
  return [...walk(tree)].find(({ node }) => node.origin !== null && uses(node))?.node ?? null;
}

function usesVariable(word: string, name: string): boolean {
  return new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`, "i").test(word);
}

interface HintSettings {
  readonly tree: readonly Directive[];
  readonly version: string;
  readonly dropsModules: boolean;
}

function hintOf(words: string, { tree, version, dropsModules }: HintSettings): string | null {
  const gap = versionGap(words, tree, version);
  if (gap !== null) return gapWords(gap, version);
  if (/unknown directive/.test(words) && dropsModules)
    return "modules that the config loads are left out, for wsrally runs no code of a config";
  // A part of a config may use what its whole defines.
  const isPart = tree.some(({ name, origin }) => name === "http" && origin === null);
  const isDefinedElsewhere = /unknown "\w+" variable|zone "|unknown log format/.test(words);
  return isPart && isDefinedElsewhere
    ? "the file is a part of a config: give the nginx.conf that includes it"
    : null;
}

/** Null when what nginx refuses is no harmless module's, nor newer than this nginx and of no use to a WebSocket. */
function withoutUnknown(
  tree: readonly Directive[],
  words: string,
  { note, instance: { program } }: Settling,
): readonly Directive[] | null {
  const gap = versionGap(words, tree, program.version);
  const without = gap?.entry == null ? null : withoutEntry(tree, gap.entry);
  if (gap !== null && without !== null) {
    const told = `${gapWords(gap, program.version)}, so that it was left out: no WebSocket meets it`;
    for (const { node } of directivesRefused(tree, words)) note(told, node.origin);
    return without;
  }
  const name = words.match(/unknown directive "(\w+)"/)?.[1];
  if (name !== undefined) return withoutFamily(tree, name, note);
  const variable = words.match(/unknown "(\w+)" variable/)?.[1];
  const family = variable === undefined ? null : familyOfVariable(variable);
  if (variable === undefined || family === null) return null;
  note(`$${variable} is empty: this nginx has no ${family.module} module`, null);
  return withVariables(tree, [`$${variable}`]);
}

function withoutFamily(
  tree: readonly Directive[],
  name: string,
  note: ModuleSettings["note"],
): readonly Directive[] | null {
  const family = familyOfDirective(name);
  if (family === null) return null;
  const isUnknown = (node: Directive): boolean => node.name === name;
  const unknown = [...walk(tree)].map(({ node }) => node).filter(isUnknown);
  if (unknown.length === 0) return null;
  for (const { origin } of unknown) {
    note(`${name} was left out: this nginx has no ${family.module} module`, origin);
  }
  // A block such as geoip2's makes variables, one a line.
  const variables = unknown
    .flatMap(({ block }) => block ?? [])
    .flatMap((line) => (line.name.startsWith("$") ? [line.name] : []));
  const without = rewrite(tree, (node) => (isUnknown(node) ? [] : [node]));
  return variables.length === 0 ? without : withVariables(without, [...new Set(variables)]);
}

/** Defines variables as empty. */
function withVariables(tree: readonly Directive[], variables: readonly string[]): Directive[] {
  const maps = variables.map((variable) => ({
    ...directive("map", "", variable),
    block: [directive("default", "")],
  }));
  return tree.map((node) =>
    node.name === "http" ? { ...node, block: [...maps, ...(node.block ?? [])] } : node,
  );
}
