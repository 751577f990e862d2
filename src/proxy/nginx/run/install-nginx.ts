/**
 * Fetches the pinned nginx into wsrally's cache folder.
 */
import { installProgram } from "../../program/install-program.js";
import type { NginxProgram } from "./find-nginx.js";
import { nginxSpec } from "./nginx-pin.js";

type InstallOptions = NonNullable<Parameters<typeof installProgram>[1]>;

/** @throws EnvironmentError when Python or pip is missing, the platform has no build, or the download is not the pinned one */
export function installNginx(options: InstallOptions = {}): Promise<NginxProgram> {
  return installProgram(nginxSpec, options);
}
