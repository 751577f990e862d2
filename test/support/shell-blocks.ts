/**
 * The commands that documents tell their readers to type, and what they say the program answers.
 */
import { readFileSync } from "node:fs";

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
  return [...rest.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
