/**
 * What was seen, in lines that quote it, without its secrets.
 */
import { maskHeader, maskText, maskUrl } from "../base/mask-secrets.js";
import type { Log, LoggedLine } from "../diagnosis/symptom.js";
import { type HeaderField, valuesOf } from "../websocket/header-fields.js";
import type { Answer } from "./answer.js";
import { answeredFields, offered } from "./handshake-offer.js";
import type { Observation } from "./probe-context.js";

const logLinesShown = 3;

/** A part of a request: as it is, which parts are compared by, and as it is shown. */
interface Part {
  readonly raw: string;
  readonly shown: string;
}

/** The request line and these headers of it, as the client sent them, as the backend got them, and what came back. */
export function requestEvidence(seen: Observation, names: readonly string[]): string[] {
  const sent = parseSent(seen.client.sent);
  const parts = [lineOf(sent.line), ...names.map((name) => headerOf(sent.fields, name))];
  return [
    `client sent: ${parts.map(({ shown }) => shown).join(", ")}`,
    receivedLine(seen, names, parts),
    `came back: ${answerWords(seen.client.answer)}`,
    ...logEvidence(seen.log),
  ];
}

function receivedLine({ backend }: Observation, names: readonly string[], sent: readonly Part[]): string {
  if (backend === null) return "backend received: nothing";
  const { request, rawHead } = backend;
  if (request === null) return `backend received: ${JSON.stringify(maskText(rawHead).slice(0, 60))}`;
  const line = lineOf(`${request.method} ${request.target} HTTP/${request.httpVersion}`);
  const parts = [line, ...names.map((name) => headerOf(request.fields, name))];
  const words = parts.map((part, at) => arrivedWords(sent[at] ?? part, part));
  return `backend received: ${words.join(", ")}`;
}

/** What arrived; where it looks as it was sent and is not, that it changed. */
function arrivedWords(sent: Part, { raw, shown }: Part): string {
  return raw !== sent.raw && shown === sent.shown ? `${shown} (${maskedChange})` : shown;
}

const maskedChange = "value masked: it changed";

/** `/a?token=x arrives as /b?token=x`, where what is masked may be all that changed. */
export function arrivesAs(sent: string, arrived: string): string {
  const [from, to] = [sent, arrived].map((raw) => ({ raw, shown: maskUrl(raw) })) as [Part, Part];
  return `${from.shown} arrives as ${arrivedWords(from, to)}`;
}

export function answerWords(answer: Answer): string {
  switch (answer.kind) {
    case "answered": {
      const [location] = valuesOf(answer.fields, "Location");
      const body = answer.bodyStart.replace(/\s+/g, " ").trim();
      return [
        answer.statusLine,
        ...(location === undefined ? [] : [headerWords("Location", location)]),
        ...(body === "" ? [] : [`body ${JSON.stringify(body.length > 60 ? `${body.slice(0, 60)}…` : body)}`]),
      ].join(", ");
    }
    case "connect-failed":
      return `no connection (${answer.words})`;
    case "tls-failed":
      return `no TLS connection (${answer.words})`;
    case "eof":
      return "the connection was closed without an answer";
    case "reset":
      return `the connection was reset without an answer (${answer.words})`;
    case "timeout":
      return "no answer in time";
    case "not-http":
      return `no HTTP but ${answer.words}`;
    case "bad-head":
      return `an answer that no client takes: ${answer.words}`;
  }
}

function logEvidence(log: Log): string[] {
  return log.slice(0, logLinesShown).map(loggedWords);
}

export function loggedWords({ shown }: LoggedLine): string {
  return `proxy logged: ${shown}`;
}

/** `token=x`, parts of a query, as they may be shown. */
export function queryWords(parts: readonly string[]): string {
  return maskUrl(`?${parts.join("&")}`).slice(1);
}

/** `GET /sock?token=x HTTP/1.1` */
function lineOf(line: string): Part {
  return {
    raw: line,
    shown: line
      .split(" ")
      .map((word) => maskUrl(word))
      .join(" "),
  };
}

function headerOf(fields: readonly HeaderField[], name: string): Part {
  const values = valuesOf(fields, name);
  if (values.length === 0) return { raw: "", shown: `no ${name}` };
  return { raw: values.join(" | "), shown: headerWords(name, values.join(" | ")) };
}

/** What the probe itself offers, and answers with, is no secret. */
const ours: ReadonlySet<string> = new Set([...Object.values(offered), ...Object.values(answeredFields)]);

/** `Cookie: session=x`, as it may be shown. */
export function headerWords(name: string, value: string): string {
  return `${name}: ${ours.has(value) ? value : maskHeader(name, value)}`;
}

function parseSent(text: string): { line: string; fields: readonly HeaderField[] } {
  const [line = "", ...rest] = text.trimEnd().split("\r\n");
  const fields = rest.map((field) => {
    const colon = field.indexOf(":");
    return { name: field.slice(0, colon), value: field.slice(colon + 1).trim() };
  });
  return { line, fields };
}
