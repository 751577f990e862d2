/**
 * Runs a short-lived program to its end and hands back all it said.
 */
import { execFile } from "node:child_process";
import { codeOf } from "../base/errors.js";

export interface ProgramResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ProgramOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** wsrally's own unless given. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/**
 * A failure's exit code is part of the result.
 * @throws the system's error when the program cannot be started at all, the signal's reason when it was aborted
 */
export function runProgram(
  file: string,
  args: readonly string[],
  { timeoutMs, signal, env, cwd }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: timeoutMs,
      signal,
      env,
      cwd,
      // Whoever is late may not be listening any more.
      killSignal: "SIGKILL" as const,
      maxBuffer: 16 * 1024 * 1024,
      encoding: "utf8" as const,
    };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const neverRan = error !== null && typeof codeOf(error) === "string";
      if (signal?.aborted) reject(signal.reason);
      else if (neverRan) reject(error);
      else resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
}
