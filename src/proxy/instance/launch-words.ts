/**
 * What is run, in which environment, to start a proxy or to ask its program something: the program itself, or what runs it
 * in a container.
 */
import { EnvironmentError } from "../../base/errors.js";
import { isOfEngine, lastWords } from "../container/container-engine.js";
import { containerCommand } from "../container/container-image.js";
import { containerName, type HeldContainer, holdContainer } from "../container/hold-container.js";
import { type ProgramResult, runProgram } from "../run-program.js";
import type { PrivateFolder } from "./private-file.js";

export interface LaunchWords {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Where it runs in a container: holds that, which is to be done before it starts. */
  readonly hold: (() => HeldContainer) | null;
}

interface AskSettings {
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs the program to its end, in its private folder.
 * @throws the signal's reason; EnvironmentError where its container cannot be run
 */
export async function askLaunched(
  folder: PrivateFolder,
  args: readonly string[],
  { environment: env, timeoutMs, signal }: AskSettings,
): Promise<ProgramResult> {
  const { container } = folder.launch;
  const { file, args: words, environment, hold } = launchWords(folder, args, env);
  let result: ProgramResult | null = null;
  try {
    result = await runProgram(file, words, { timeoutMs, signal, env: environment, cwd: folder.prefix });
  } finally {
    // Whoever was killed while it waited has left the container as it was.
    if (result === null || result.exitCode === null) await hold?.().release();
  }
  if (container !== null && isOfEngine(result))
    throw new EnvironmentError(`Cannot run the image ${container.image}: ${lastWords(result)}`);
  return result;
}

/**
 * @param args of the proxy's program
 * @param environment that it is to have
 */
export function launchWords(
  { prefix, launch }: PrivateFolder,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): LaunchWords {
  const { container, user } = launch;
  if (container === null) {
    const [file, words] = launch.command(args);
    return { file, args: words, environment, hold: null };
  }
  const name = containerName();
  const [file = "", ...words] = containerCommand(container, {
    ...{ name, prefix, environment: ownVariables(environment) },
    user: user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
  });
  return {
    file,
    args: [...words, ...args],
    // The engine's own: it says where its daemon is. The container has none of it.
    environment: process.env,
    hold: () => holdContainer(container.engine, name),
  };
}

/** Without those that tell of this machine, its PATH and the like. */
function ownVariables(environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || value === process.env[name] ? [] : [[name, value] as const],
    ),
  );
}
