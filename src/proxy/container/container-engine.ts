/**
 * The program that runs containers here: Docker's, or Podman where only that is there. All that is asked of either is what
 * both document alike.
 */
import { basename } from "node:path";
import { EnvironmentError, messageOf } from "../../base/errors.js";
import { findOnPath } from "../../base/owned-process.js";
import { type ProgramResult, runProgram } from "../run-program.js";

export interface ContainerEngine {
  /** Its path. */
  readonly program: string;
  readonly name: "docker" | "podman";
}

/** A program of an image. */
export interface ContainedProgram {
  readonly engine: ContainerEngine;
  readonly image: string;
  /** As it is called in there. */
  readonly entrypoint: string;
}

const askLimitMs = 30_000;
/** Of an image's layers, over whatever line there is. */
const pullLimitMs = 3_600_000;

/** @throws EnvironmentError where there is none, or nothing answers it */
export async function findEngine(): Promise<ContainerEngine> {
  const program = findOnPath("docker") ?? findOnPath("podman");
  if (program === null)
    throw new EnvironmentError("Cannot run an image: no docker and no podman on PATH; want one of them");
  const engine: ContainerEngine = { program, name: basename(program) === "podman" ? "podman" : "docker" };
  const answer = await askEngine(engine, ["version"]);
  if (answer.exitCode !== 0)
    throw new EnvironmentError(`Cannot run an image: ${engine.name} has no daemon (${lastWords(answer)})`);
  return engine;
}

/** @throws EnvironmentError where the image is not here */
export async function demandImage(engine: ContainerEngine, image: string): Promise<void> {
  if (await hasImage(engine, image)) return;
  throw new EnvironmentError(
    `No image ${image} here: fetch it with \`${engine.name} pull ${image}\`, or let wsrally do so with --pull`,
  );
}

/**
 * Where it is not here yet.
 * @returns whether it was fetched
 * @throws EnvironmentError in the engine's words
 */
export async function pullImage(engine: ContainerEngine, image: string): Promise<boolean> {
  if (await hasImage(engine, image)) return false;
  const pulled = await askEngine(engine, ["pull", "--quiet", image], pullLimitMs);
  if (pulled.exitCode === 0) return true;
  throw new EnvironmentError(`Cannot fetch the image ${image}: ${lastWords(pulled)}`);
}

/** Runs the engine to its end, in wsrally's own environment, which tells it where its daemon is. */
export function askEngine(
  { program, name }: ContainerEngine,
  args: readonly string[],
  timeoutMs = askLimitMs,
): Promise<ProgramResult> {
  return runProgram(program, args, { timeoutMs }).catch((thrown: unknown) => {
    throw new EnvironmentError(`Cannot run ${name}: ${messageOf(thrown)}`, { cause: thrown });
  });
}

/** Whether `docker run` failed itself, and not what it ran. */
export function isOfEngine({ exitCode }: Pick<ProgramResult, "exitCode">): boolean {
  return exitCode === 125;
}

/** The last line that says anything. */
export function lastWords({ stderr, stdout, exitCode }: ProgramResult): string {
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").at(-1) ?? `it ended with ${exitCode}`;
}

async function hasImage(engine: ContainerEngine, image: string): Promise<boolean> {
  return (await askEngine(engine, ["image", "inspect", image])).exitCode === 0;
}
