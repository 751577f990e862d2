/**
 * What a command gets of its process: results go to stdout, talk to stderr.
 */
import { talkEvent, talkText } from "../report/draw/talk-text.js";

export interface Terminal {
  /** What is typed, or piped in; left out where nobody is asked anything. */
  readonly stdin?: NodeJS.ReadStream | undefined;
  /** `json`: whatever goes to stderr is an event a line (`--progress json`). For people when left out. */
  readonly talk?: "json";
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a line for the CI service to obey to stderr; all else is kept from being one. */
  readonly issueCommand: (line: string) => void;
}

export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborts when the user stops the program. */
  readonly signal: AbortSignal;
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** When the program was started, on the clock of `performance`. */
  readonly startedMs: number;
}

/** Says a line beside the results. */
export function say({ stderr, talk }: Pick<Terminal, "stderr" | "talk">, line: string): void {
  if (talk === "json") stderr.write(talkEvent({ event: "note", message: line }));
  else stderr.write(`${talkText(line, columnsOf(stderr))}\n`);
}

/** Whether results and talk go to one screen, where nothing need be said twice. */
export function isReadTogether({
  stdout,
  stderr,
  talk,
}: Pick<Terminal, "stdout" | "stderr" | "talk">): boolean {
  return talk === undefined && stdout.isTTY === true && stderr.isTTY === true;
}

/** Of a terminal; undefined of a file or a pipe, whose lines whoever reads them breaks. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY === true ? columns : undefined;
}

/** Columns of a stream; 100 where it has none, as in a pipe or a CI log. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return Math.max(60, stream.columns ?? 100);
}
