/**
 * Text into HTML. Names, configs and log lines come from outside, so every text is escaped as it is put into a page, its
 * control characters written out; only markup that this file made passes as it is.
 */
import { escapeControls } from "../draw/plain-text.js";

/** Markup that is safe to send as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What would be hidden or turn a line around: bidirectional overrides among them. */
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

type Part = Html | string | number | null | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template tag: what is filled in is escaped unless it is markup itself; lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, i) => text + (i < parts.length ? markupOf(parts[i] ?? null) : "")).join(""),
  );
}

function markupOf(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(markupOf).join("");
  return String(part)
    .replace(unseen, escapeControls)
    .replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/**
 * Data for a `<script type="application/json">`. No character of it can end the script or begin a comment, whatever
 * the strings hold, and it stays JSON; what nobody would see in a string or a key is written out, as in the markup.
 */
export function jsonForScript(data: unknown): Html {
  const json = JSON.stringify(data, (_key, value: unknown) => withoutUnseen(value));
  return new Html(
    json.replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}

/** A string with nothing unseen in it, an object with no such key; all else as it is. */
function withoutUnseen(value: unknown): unknown {
  if (typeof value === "string") return value.replace(unseen, escapeControls);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(unseen, escapeControls), inner]),
  );
}
