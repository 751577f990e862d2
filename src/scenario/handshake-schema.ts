/**
 * The workload's keys of the opening handshake, as a scenario or a flag gives them: one text or several.
 */
import { z } from "zod";
import { readCookieText, readHeaderText } from "../base/header-text.js";
import { parseTemplate } from "../base/text-template.js";

/** Headers that the handshake sets itself, with what sets them otherwise. */
const ownHeaders: Readonly<Record<string, string>> = {
  host: "--host sets it",
  origin: "--origin sets it",
  "sec-websocket-protocol": "--subprotocol sets it",
  "sec-websocket-extensions": "--deflate sets it",
  upgrade: "it makes the handshake",
  connection: "it makes the handshake",
  "sec-websocket-key": "it makes the handshake",
  "sec-websocket-version": "it makes the handshake",
  "content-length": "a handshake has no body",
  "transfer-encoding": "a handshake has no body",
};

export const headerSchema = several((text) => {
  const header = readHeaderText(text);
  if (header === null) return "want Name: value, in ASCII and one line";
  const why = ownHeaders[header.name.toLowerCase()];
  return why === undefined ? null : `want no ${header.name} here: ${why}`;
}).describe(
  `Header of every opening handshake, as Name: value; \${env:NAME} is read from the environment, {{column}} from data`,
);

export const cookieSchema = several((text) =>
  readCookieText(text) === null ? "want name=value, without blanks and semicolons" : null,
).describe("Cookie of every opening handshake, as name=value; places as in header");

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export const subprotocolSchema = several((text) => {
  const parts = parseTemplate(text);
  const isName = parts.every(
    (part) => part.kind === "env" || (part.kind === "text" && token.test(part.text)),
  );
  return isName && parts.length > 0 ? null : "want one name, a token (RFC 6455, 4.1)";
})
  .check(({ value, issues }) => {
    if (new Set(value).size < value.length)
      issues.push({ code: "custom", input: value, message: "want each of them once (RFC 6455, 4.1)" });
  })
  .describe("Subprotocol to offer; the first is the one that wsrally's backend chooses (none)");

/** @param faultOf what is wrong with one of the texts; null: nothing */
function several(faultOf: (text: string) => string | null): z.ZodType<string[], string | string[]> {
  const one = z.string().check(({ value, issues }) => {
    const message = faultOf(value);
    if (message !== null) issues.push({ code: "custom", input: value, message });
  });
  return z
    .union([one, z.array(one).max(100)], { error: (issue) => firstMessage(issue) })
    .transform((given) => (typeof given === "string" ? [given] : given));
}

/** Of a union's branches, the one that is about the text itself. */
function firstMessage({ errors }: { readonly errors?: unknown }): string | undefined {
  const issues = (errors as { code: string; message: string }[][] | undefined)?.flat() ?? [];
  return issues.find(({ code }) => code === "custom")?.message;
}
