/**
 * The commands that documents tell their readers to type, and what they say the program answers.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The README, and the guides in docs/. */
export const documents: readonly string[] = [
  "README.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** What is tried by other means, or changes more than a folder. */
export const elsewhere: Readonly<Record<string, RegExp>> = {
  "the commands that start this test": /^npm ci && npm (start|test)$/,
  "the package's nightly test": /^npm pack$|^npm install |^npx --prefix /,
  "the test of new-proxy": /^npm run new-proxy |^npm run schemas |^node tools\/run-tests\.js /,
  "whoever has hours": /^npm run build && node bench\/|^npm run cost-table$/,
  "whoever has the address": /^wsrally probe .* --behind /,
  "the tests of the line": / --event (delay|loss|dead-peers) | --(delay|loss) /,
  "whoever is root": /^sudo /,
  "whoever has containers": /^docker | docker:/,
  "whoever has a cluster": /^kubectl /,
  "the tests of proxies": /^wsrally proxies/,
  "the tests of stored runs": /^wsrally history /,
  "the tests of agents, and of the guide to many machines":
    /^wsrally cluster init |^wsrally agent | --nats |nats-server -c |^sh start-by-ssh|^kubectl /,
  "the test of doctor": /^wsrally doctor$/,
  "the test of init, on a terminal": /^wsrally init$/,
};

/** By whom; null for what the test of the documents runs itself. */
export function triedElsewhere(line: string): string | null {
  return Object.entries(elsewhere).find(([, those]) => those.test(line))?.[0] ?? null;
}

interface Block {
  readonly document: string;
  /** Of its fence; empty for what a program says. */
  readonly language: string;
  readonly text: string;
}

export interface DocumentedCommand {
  readonly document: string;
  /** On one line, without what is noted behind it. */
  readonly line: string;
}

export function fencedBlocks(document: string): Block[] {
  const text = readFileSync(document, "utf8");
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = "", inner = ""]) => ({
    document,
    language,
    text: inner,
  }));
}

export function documentedCommands(document: string): DocumentedCommand[] {
  return fencedBlocks(document)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.replace(/ *\\\n */g, " ").split("\n"))
    .map((line) => ({ document, line: line.replace(/ +# .*$/, "").trim() }))
    .filter(({ line }) => line !== "");
}

/** Behind the program's name; null for another program's command. */
export function wordsBehindProgram(line: string): string[] | null {
  const [, rest] = /^(?:npx )?wsrally (.*)$/.exec(line) ?? [];
  if (rest === undefined) return null;
  return [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}
