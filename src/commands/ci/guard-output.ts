/**
 * A CI service takes lines of a step's output for commands: GitHub those that begin with `::` and any with `##[`, Azure
 * `##vso[`, TeamCity `##teamcity[`. What wsrally prints holds text of configs and logs, so there nothing of that form is
 * printed but by wsrally itself.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether whoever reads the output obeys commands in it. */
function obeysCommands({ GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION }: Environment): boolean {
  return [GITHUB_ACTIONS, TF_BUILD, TEAMCITY_VERSION].some((value) => value !== undefined && value !== "");
}

/** A space breaks a command up; lines end as .NET's readers end them, and begin after all that they trim. */
export function withoutCommands(text: string): string {
  return text.replace(/(^|[\r\n])([\s\u0085]*):(?=:)/g, "$1$2: ").replace(/#(?=#\w*\[)/g, "# ");
}

interface OutputStream {
  write(chunk: string | Uint8Array, ...rest: never[]): boolean;
}

/**
 * From here on nothing written to the stream is a command.
 * @returns a writer for lines that are
 */
export function guardOutput(stream: OutputStream, env: Environment): (line: string) => void {
  const write = stream.write.bind(stream);
  if (obeysCommands(env)) {
    stream.write = (chunk, ...rest) =>
      write(typeof chunk === "string" ? withoutCommands(chunk) : chunk, ...rest);
  }
  return (line) => {
    write(`${line}\n`);
  };
}
