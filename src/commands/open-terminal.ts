/** A process's streams as commands get them: on stderr no secret of the command line, and nothing that a CI service obeys. */
import { guardOutput } from "./ci/guard-output.js";
import { hideOn, secretsOfWords } from "./hide-secrets.js";
import type { Terminal } from "./terminal.js";

/** @param streams of a process, whose stdin is opened only where it is asked for @param argv the words after the program's name */
export function openTerminal(
  streams: Pick<Terminal, "stdin" | "stdout" | "stderr" | "env">,
  argv: readonly string[],
): Terminal {
  const { stdout, stderr, env } = streams;
  hideOn(stderr, secretsOfWords(argv));
  guardOutput(stdout, env);
  return {
    get stdin() {
      return streams.stdin;
    },
    stdout,
    stderr,
    env,
    issueCommand: guardOutput(stderr, env),
  };
}
