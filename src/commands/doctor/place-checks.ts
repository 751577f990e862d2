/**
 * Whether results and fetched programs can be written; nothing is made to find out.
 */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cacheFolder } from "../../proxy/cache-folder.js";
import type { Check } from "../../results/doctor-schema.js";

export function checkPlaces(out: string): Check[] {
  return [
    placeCheck("results-folder", out, "--out chooses another folder"),
    placeCheck("cache-folder", cacheFolder(), "XDG_CACHE_HOME names another, for fetched proxies"),
  ];
}

/** @param path need not be there: then it is made where it would be */
export function placeCheck(check: string, path: string, cure: string): Check {
  const nearest = nearestThere(resolve(path));
  if (mayWrite(nearest)) return { check, status: "ok", says: `${path} can be written`, cure: null };
  return { check, status: "missing", says: `${path} cannot be written: no right to ${nearest}`, cure };
}

function nearestThere(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path));
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
