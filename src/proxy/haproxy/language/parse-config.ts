/**
 * Text into sections: comments and blanks away, `.if` decided, words split, `no` taken apart. What HAProxy itself would
 * refuse at this stage is refused with its place; what a line means is for others.
 */
import type { Place } from "../../../diagnosis/quote.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { ConfigRefusedError } from "../../config-refused-error.js";
import { ConditionError, evaluateCondition, type HaproxyBuild } from "./conditions.js";
import type { ConfigLine, ConfigTree, Section } from "./config-tree.js";
import type { ConfigEnvironment } from "./environment.js";
import { splitLine } from "./words.js";

/** Sections of all versions from 2.4 to 3.x; another word at a line's start belongs to the section before it. */
const sectionKinds: ReadonlySet<string> = new Set([
  ...["global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "userlist", "mailers"],
  ...["cache", "ring", "http-errors", "program", "fcgi-app", "log-forward", "log-profile", "crt-store"],
  ...["traces", "acme", "dyn-cookies"],
]);

/** A stranger's config must not keep wsrally busy. */
const mostLines = 100_000;

interface Reading {
  readonly environment: ConfigEnvironment;
  readonly program: HaproxyBuild | null;
  readonly sections: MutableSection[];
}

type MutableSection = Omit<Section, "lines"> & { readonly lines: ConfigLine[] };

/** One `.if` that is open: whether its lines count now, and whether a branch of it was taken already. */
interface OpenCondition {
  isTaken: boolean;
  isActive: boolean;
  readonly isOuterActive: boolean;
}

export interface SourceFile {
  /** As the user named it. */
  readonly name: string;
  readonly text: string;
}

/** @throws ConfigRefusedError with file and line */
export function parseConfig(
  files: readonly SourceFile[],
  environment: ConfigEnvironment,
  program: HaproxyBuild | null,
): ConfigTree {
  const reading: Reading = { environment, program, sections: [] };
  for (const file of files) parseFile(file, reading);
  return reading.sections;
}

function parseFile({ name: file, text }: SourceFile, reading: Reading): void {
  const lines = text.split("\n");
  if (lines.length > mostLines) throw refusal({ file, line: mostLines + 1 }, `more than ${mostLines} lines`);
  const last = lines.pop() ?? "";
  if (last !== "") {
    throw refusal(
      { file, line: lines.length + 1 },
      `Missing LF on last line, file might have been truncated at position ${last.length + 1}`,
    );
  }
  const open: OpenCondition[] = [];
  let section: MutableSection | null = null;
  for (const [index, source] of lines.entries()) {
    const place = { file, line: index + 1 };
    if (source.includes("\0")) throw refusal(place, "an embedded NUL character");
    const isSkipped = open.some(({ isActive }) => !isActive);
    const name = /^[ \t\r]*([^ \t\r#]*)/.exec(source)?.[1] ?? "";
    // Words of a branch that is not taken are not looked at, but for those that end it.
    if (isSkipped && !/^\.(?:if|elif|else|endif)$/.test(name)) continue;
    const words = wordsOf(source, place, reading, isSkipped);
    const [first] = words.words;
    if (first === undefined) continue;
    if (first.startsWith(".")) follow(words.words, place, open, reading);
    else section = takeLine({ ...words, source: source.trim(), place }, section, reading);
  }
  if (open.length > 0) throw refusal({ file, line: lines.length }, ".if without .endif");
}

function wordsOf(
  source: string,
  place: Place,
  { environment }: Reading,
  isSkipped: boolean,
): { readonly words: readonly string[]; readonly variables: readonly string[] } {
  const split = splitLine(source, environment.read);
  if (split.trouble !== null && !isSkipped) throw refusal(place, split.trouble);
  return split;
}

interface WrittenLine {
  readonly words: readonly string[];
  readonly variables: readonly string[];
  readonly source: string;
  readonly place: Place;
}

function takeLine(
  { words, variables, source, place }: WrittenLine,
  section: MutableSection | null,
  { sections, environment }: Reading,
): MutableSection {
  const [first = "", ...rest] = words;
  if (sectionKinds.has(first)) {
    const opened = openSection(first, rest, place);
    sections.push(opened);
    return opened;
  }
  if (section === null) throw refusal(place, `unknown keyword '${first}' out of section`);
  const negated = first === "no" && rest.length > 0;
  const [name = "", ...args] = negated ? rest : words;
  const one = { name, args, negated, source, variables, place };
  if (section.kind === "global") environment.follow(one);
  section.lines.push(one);
  return section;
}

function openSection(kind: string, args: readonly string[], place: Place): MutableSection {
  const from = args.indexOf("from");
  const isNamed = args[0] !== undefined && from !== 0;
  return {
    kind,
    name: isNamed ? (args[0] ?? null) : null,
    from: from === -1 ? null : (args[from + 1] ?? null),
    args,
    lines: [],
    place,
  };
}

function follow(words: readonly string[], place: Place, open: OpenCondition[], reading: Reading): void {
  const [name = "", ...args] = words;
  const last = open.at(-1);
  switch (name) {
    case ".if": {
      const isOuterActive = open.every(({ isActive }) => isActive);
      const holds = isOuterActive && holdsHere(args, place, reading);
      open.push({ isTaken: holds, isActive: holds, isOuterActive });
      return;
    }
    case ".elif":
    case ".else": {
      if (last === undefined) throw refusal(place, `lone '${name}' directive`);
      const holds =
        last.isOuterActive && !last.isTaken && (name === ".else" || holdsHere(args, place, reading));
      last.isActive = holds;
      last.isTaken ||= holds;
      return;
    }
    case ".endif":
      if (last === undefined) throw refusal(place, "lone '.endif' directive");
      open.pop();
      return;
    case ".alert":
      throw refusal(place, `'${args[0] ?? ""}'`);
    case ".notice":
    case ".warning":
    case ".diag":
      return;
    default:
      throw refusal(place, `unknown keyword '${name}'`);
  }
}

function holdsHere(args: readonly string[], place: Place, { environment, program }: Reading): boolean {
  try {
    return evaluateCondition(args.join(" "), { readVariable: environment.read, program });
  } catch (thrown) {
    if (thrown instanceof ConditionError) throw refusal(place, thrown.message);
    throw thrown;
  }
}

function refusal(place: Place, words: string): ConfigRefusedError {
  return new ConfigRefusedError("HAProxy", place.file, `${words} in ${placeWords(place)}`);
}
