/**
 * `--pull`: fetches the container images of arms before anything is measured.
 */
import type { Command } from "commander";
import { findEngine, pullImage } from "../proxy/container/container-engine.js";
import { type Arm, imageOf } from "../scenario/arm.js";
import { say, type Terminal } from "./terminal.js";

export function addPullFlag(command: Command): Command {
  return command.option("--pull", "fetch images of docker:IMAGE arms that are not here yet");
}

/**
 * Only where the flag is given.
 * @throws EnvironmentError when there is no Docker, or it cannot fetch one
 */
export async function pullAsAsked(
  options: Record<string, unknown>,
  arms: readonly Pick<Arm, "target">[],
  terminal: Pick<Terminal, "stderr" | "talk">,
): Promise<void> {
  const images = new Set(arms.map(({ target }) => imageOf(target)).filter((image) => image !== null));
  if (options.pull !== true || images.size === 0) return;
  const engine = await findEngine();
  for (const image of images) if (await pullImage(engine, image)) say(terminal, `Fetched the image ${image}`);
}
