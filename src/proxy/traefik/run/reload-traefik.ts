/**
 * Makes a running Traefik take its routes anew, as a change of the file that it watches does: the path by which it tells that
 * they are in force is another one each time.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import { facingOf } from "../../instance/address-marks.js";
import { pollMs, startLimitMs } from "../../instance/start-instance.js";
import { answersOk } from "./answers-ok.js";
import { anyReadyPath, readyPath, routesFile } from "./template.js";
import { replaceRoutes, type TraefikInstance } from "./traefik-instance.js";

export interface Told {
  /** What its log tells that it refuses, the latest last. */
  refusals(): readonly string[];
  /** How often it has told that it has read its routes. */
  reads(): number;
  /** Where it is asked whether its routes are in force. */
  readonly port: number;
}

/**
 * @param config routes that are the same Traefik reads and passes over
 * @throws EnvironmentError with Traefik's own words when it does not take them
 */
export async function reloadTraefik(
  instance: TraefikInstance,
  config: "changed" | "same",
  { refusals, reads, port }: Told,
): Promise<void> {
  // As they stand in the folder now.
  const routes = await readFile(join(instance.prefix, routesFile), "utf8");
  const turn = Number(anyReadyPath.exec(routes)?.[1] ?? 0) + (config === "changed" ? 1 : 0);
  const path = readyPath(turn);
  const [before, readBefore] = [refusals().length, reads()];
  await replaceRoutes(instance, routes.replace(anyReadyPath, path));
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    if (
      reads() > readBefore &&
      (await answersOk({ host: facingOf(instance.backend), port, tls: instance.ready.tls, path }))
    )
      return;
    const told = refusals();
    if (told.length > before)
      throw new EnvironmentError(`Traefik refuses its config at the reload: ${told.at(-1)}`);
    await sleep(pollMs);
  }
  throw new EnvironmentError(`Traefik took no new routes within ${startLimitMs / 1000} s of their change`);
}
