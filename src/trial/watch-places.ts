/**
 * Looks where the parts of a trial run, at its beginning and at its end.
 */
import type { SeenProxy } from "../proxy/seen-proxy.js";
import { lookAtPlaces, type Misplaced, misplacedSince, type PlaceLook } from "./check-placement.js";
import type { LoadWish } from "./trial-settings.js";

type Parts = Pick<LoadWish, "arm" | "pool" | "placement">;

/** @returns what says, once it is over, who was elsewhere than where it was put */
export function watchPlaces({ arm, pool, placement }: Parts, proxy: SeenProxy): () => readonly Misplaced[] {
  const look = (): PlaceLook[] =>
    lookAtPlaces(
      {
        proxy: proxy.pids(),
        generator: pool.pids(),
        backend: arm.backend?.pids ?? [],
      },
      placement,
    );
  const before = look();
  return () => misplacedSince(before, look(), placement);
}
