/**
 * Runs the built program as a user does.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

const cli = resolve("dist/cli.js");

/** The tests may themselves run in CI, whose summary and annotations are not for what they try. */
const noService = { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "", GITHUB_OUTPUT: "", GITHUB_WORKSPACE: "" };

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly result: Promise<CliResult>;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the one behind it: `unshare`, `sh -c 'ulimit …; exec "$@"' sh`. */
  readonly through?: readonly string[];
}

export function startCli(
  args: readonly string[],
  { cwd, env = {}, through = [] }: CliOptions = {},
): RunningCli {
  const [program = process.execPath, ...rest] = [...through, process.execPath, cli, ...args];
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "true", ...noService, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const result = new Promise<CliResult>((settle) => {
    child.on("close", (code) => settle({ code, stdout, stderr }));
  });
  return { child, stderr: () => stderr, result };
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).result;
}
