/**
 * Questions on a terminal, one a line; an answer that cannot be used is said, and asked for again.
 */
import { createInterface } from "node:readline";
import { InterruptedError, UsageError } from "../../base/errors.js";
import { say, type Terminal } from "../terminal.js";

export interface Question<Value> {
  readonly words: string;
  /** Taken for an empty answer. */
  readonly usual: string;
  /** @throws UsageError for an answer that cannot be used */
  read(answer: string): Value;
}

export interface Asker {
  /** @throws InterruptedError when the user ends it in the place of an answer */
  ask<Value>(question: Question<Value>): Promise<Value>;
}

/** @param input of a terminal: what is typed */
export async function withAsker<Value>(
  { terminal, input, signal }: { terminal: Terminal; input: NodeJS.ReadableStream; signal: AbortSignal },
  work: (asker: Asker) => Promise<Value>,
): Promise<Value> {
  const lines = createInterface({ input, output: terminal.stderr });
  const typed: string[] = [];
  let wake: () => void = () => undefined;
  let isOver = false;
  lines.on("line", (line) => {
    typed.push(line);
    wake();
  });
  // Ctrl-C, which a terminal hands to whoever reads lines of it, and Ctrl-D.
  lines.on("SIGINT", () => lines.close());
  lines.on("close", () => {
    isOver = true;
    wake();
  });
  const stop = (): void => lines.close();
  signal.addEventListener("abort", stop);
  const next = async (prompt: string): Promise<string> => {
    lines.setPrompt(prompt);
    lines.prompt();
    while (typed.length === 0) {
      if (isOver || signal.aborted) throw new InterruptedError("\nInterrupted; nothing is written");
      await new Promise<void>((done) => {
        wake = done;
      });
    }
    return typed.shift() ?? "";
  };
  try {
    return await work({ ask: (question) => askUntilRead(question, { terminal, next }) });
  } finally {
    signal.removeEventListener("abort", stop);
    lines.close();
  }
}

interface Talk {
  readonly terminal: Terminal;
  readonly next: (prompt: string) => Promise<string>;
}

async function askUntilRead<Value>(question: Question<Value>, { terminal, next }: Talk): Promise<Value> {
  const { words, usual, read } = question;
  for (;;) {
    const answer = (await next(`${words}${usual === "" ? "" : ` [${usual}]`}: `)).trim();
    try {
      return read(answer === "" ? usual : answer);
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      for (const line of thrown.message.split("\n")) say(terminal, line);
    }
  }
}
