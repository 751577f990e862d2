/**
 * Whether Traefik takes a config: it has no command that tells, so it is started with the copy in the private folder.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import { tryStart } from "../../instance/start-instance.js";
import { traefikStart } from "./start-traefik.js";
import { configText, type TraefikInstance } from "./traefik-instance.js";

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws ConfigRefusedError with Traefik's own words
 */
export async function checkConfig(instance: TraefikInstance, signal: AbortSignal): Promise<string> {
  const start = traefikStart(instance);
  const trouble = await tryStart(instance, start, signal);
  if (trouble === null) return configText(instance);
  throw new ConfigRefusedError("Traefik", instance.configName, trouble);
}
