/** Text from outside within GitHub's Markdown: it must neither format, link, notify anybody, nor become HTML. */
import { escapeControls } from "../draw/plain-text.js";

/**
 * Every character that Markdown gives a meaning is escaped, and blanks before the text, which make code of it, go;
 * `@name`, `#1` and `GH-1` are broken up by an empty comment, for GitHub makes mentions of them even where they are
 * escaped.
 */
export function escapeMarkdown(text: string): string {
  return escapeControls(text)
    .replace(/^ +/, "")
    .replace(/[\\`*_{}[\]|~!$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[@#](?=\S)/g, "$&<!-- -->")
    .replace(/(?<![a-z\d])GH(?=-\d)/gi, "$&<!-- -->")
    .replace(/(https?|ftp)(?=:)/gi, "$&<!-- -->")
    .replace(/www(?=\.)/gi, "$&<!-- -->")
    .replace(/^(\s*)([-+=#]|\d+(?=[.)](?:\s|$)))/, (_whole, space: string, mark: string) =>
      /^\d/.test(mark) ? `${space}${mark}<!-- -->` : `${space}\\${mark}`,
    );
}

/** A block of preformatted text, whose fence is longer than any within. */
export function fencedBlock(text: string, language: "text" | "diff" = "text"): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** A table; the first column is left-aligned, the others as they come. Cells are escaped here. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(header), `|${header.map(() => "---").join("|")}|`, ...rows.map(line)];
}
