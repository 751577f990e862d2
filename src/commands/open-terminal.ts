/** A process's streams as commands get them: on stderr no secret of the command line, and nothing that a CI service obeys. */
import { guardOutput } from "./ci/guard-output.js";
import { hideOn, secretsOfWords } from "./hide-secrets.js";
import type { Terminal } from "./terminal.js";

/** @param argv the words after the program's name */
export function openTerminal(
  { stdout, stderr, env }: Pick<Terminal, "stdout" | "stderr" | "env">,
  argv: readonly string[],
): Terminal {
  hideOn(stderr, secretsOfWords(argv));
  guardOutput(stdout, env);
  return { stdout, stderr, env, issueCommand: guardOutput(stderr, env) };
}
