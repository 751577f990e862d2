/**
 * wsrally's folder for fetched programs, by the platform's own convention.
 */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const xdg = environment.XDG_CACHE_HOME;
  // The XDG specification: a relative path there is invalid and to be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "wsrally");
  const home = homeFolder();
  return process.platform === "darwin"
    ? join(home, "Library", "Caches", "wsrally")
    : join(home, ".cache", "wsrally");
}

/** A user whom the system does not know, as a container's number often is, has the root where HOME is not set. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return "/";
  }
}
