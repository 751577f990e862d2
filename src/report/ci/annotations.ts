/**
 * Remarks as GitHub's workflow commands, which it shows on the lines of a pull request. The escapes are those of
 * GitHub's runner (ActionCommand.cs): `%`, CR and LF in data, `:` and `,` in properties as well.
 */
import { formatNumberOf } from "../words/format.js";
import type { Remark } from "./remarks.js";

/** GitHub shows ten errors and ten warnings of a step. */
const shownMost = 10;
/** A bit under what GitHub takes as one annotation (64 KB). */
const messageMost = 4000;

/** A command a line, without line ends; at most ten. */
export function annotationsOf(remarks: readonly Remark[]): string[] {
  const shown = remarks.length > shownMost ? remarks.slice(0, shownMost - 1) : remarks;
  const further = remarks.length - shown.length;
  const commands = shown.map(({ level, place, title, message }) =>
    workflowCommand(
      level,
      { ...(place === null ? {} : { file: place.file, line: String(place.line) }), title },
      message.length > messageMost ? `${message.slice(0, messageMost)} …` : message,
    ),
  );
  if (further === 0) return commands;
  const message = `${formatNumberOf(further, "further remark")} in the job's summary`;
  return [...commands, workflowCommand("warning", { title: "wsrally" }, message)];
}

/** `::error file=deploy/nginx.conf,line=7,title=…::message` */
export function workflowCommand(
  name: "error" | "warning",
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const words = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${words.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
