/**
 * Makes a running Traefik take its routes anew, as a change of the file that it watches does: the path by which it tells that
 * they are in force is another one each time.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import { pollMs, startLimitMs } from "../../instance/start-instance.js";
import { answersOk } from "./answers-ok.js";
import { readyPath, routesFile, staticFile } from "./template.js";
import { replaceRoutes, type TraefikInstance } from "./traefik-instance.js";

const anyReadyPath = new RegExp(`${readyPath(0).replace("0", "")}(\\d+)`);

export interface Told {
  /** The last refusal that its log tells of. */
  trouble(): string | null;
  /** How often it has told that it has read its routes. */
  reads(): number;
}

/**
 * @param config routes that are the same Traefik reads and passes over
 * @throws EnvironmentError with Traefik's own words when it does not take them
 */
export async function reloadTraefik(
  instance: TraefikInstance,
  config: "changed" | "same",
  { trouble, reads }: Told,
): Promise<void> {
  // As they stand in the folder now.
  const [routes, started] = await Promise.all(
    [routesFile, staticFile].map((name) => readFile(join(instance.prefix, name), "utf8")),
  );
  const turn = Number(anyReadyPath.exec(routes ?? "")?.[1] ?? 0) + (config === "changed" ? 1 : 0);
  const path = readyPath(turn);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(started ?? "")?.[1]);
  const [before, readBefore] = [trouble(), reads()];
  await replaceRoutes(instance, (routes ?? "").replace(anyReadyPath, path));
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    if (reads() > readBefore && (await answersOk({ port, tls: instance.tls, path }))) return;
    const words = trouble();
    if (words !== null && words !== before)
      throw new EnvironmentError(`Traefik refuses its config at the reload: ${words}`);
    await sleep(pollMs);
  }
  throw new EnvironmentError(`Traefik took no new routes within ${startLimitMs / 1000} s of their change`);
}
