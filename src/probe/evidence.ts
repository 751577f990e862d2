/**
 * What was seen, in lines that quote it.
 */
import { type HeaderField, valuesOf } from "../websocket/header-fields.js";
import type { Answer } from "./answer.js";
import type { Observation } from "./probe-context.js";

const logLinesShown = 3;

/** The request line and these headers of it, as the client sent them, as the backend got them, and what came back. */
export function requestEvidence(seen: Observation, names: readonly string[]): string[] {
  const sent = parseSent(seen.client.sent);
  return [
    `client sent: ${[sent.line, ...headerWords(sent.fields, names)].join(", ")}`,
    receivedLine(seen, names),
    `came back: ${answerWords(seen.client.answer)}`,
    ...logEvidence(seen.log),
  ];
}

function receivedLine({ backend }: Observation, names: readonly string[]): string {
  if (backend === null) return "backend received: nothing";
  const { request, rawHead } = backend;
  if (request === null) return `backend received: ${JSON.stringify(rawHead.slice(0, 60))}`;
  const line = `${request.method} ${request.target} HTTP/${request.httpVersion}`;
  return `backend received: ${[line, ...headerWords(request.fields, names)].join(", ")}`;
}

export function answerWords(answer: Answer): string {
  switch (answer.kind) {
    case "answered": {
      const [location] = valuesOf(answer.fields, "Location");
      const body = answer.bodyStart.replace(/\s+/g, " ").trim();
      return [
        answer.statusLine,
        ...(location === undefined ? [] : [`Location: ${location}`]),
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

function logEvidence(log: readonly string[]): string[] {
  return log.slice(0, logLinesShown).map(loggedWords);
}

/** A line of nginx's error log without its stamps, and without the request that it repeats. */
export function loggedWords(line: string): string {
  const [, level = "", rest = line] = /^(?:\S+ \S+ )?(\[\w+\] )\d+#\d+: (?:\*\d+ )?(.*)$/.exec(line) ?? [];
  const upstream = /, (upstream: "[^"]*")/.exec(rest)?.[1];
  // A level by number, as syslog has it.
  const words = rest.replace(/, client: .*$/, "").replace(/^<\d+>/, "");
  return `proxy logged: ${level}${words}${upstream === undefined || words === rest ? "" : `, ${upstream}`}`;
}

function headerWords(fields: readonly HeaderField[], names: readonly string[]): string[] {
  return names.map((name) => {
    const values = valuesOf(fields, name);
    return values.length === 0 ? `no ${name}` : `${name}: ${values.join(" | ")}`;
  });
}

function parseSent(text: string): { line: string; fields: readonly HeaderField[] } {
  const [line = "", ...rest] = text.trimEnd().split("\r\n");
  const fields = rest.map((field) => {
    const colon = field.indexOf(":");
    return { name: field.slice(0, colon), value: field.slice(colon + 1).trim() };
  });
  return { line, fields };
}
