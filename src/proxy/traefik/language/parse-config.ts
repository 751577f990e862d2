/**
 * Text to tree, by how the file is called: YAML or TOML, and nothing else.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { readToml } from "../../tree/read-toml.js";
import { readYaml } from "../../tree/read-yaml.js";

/** @throws ConfigRefusedError with the line when it is not well-formed */
export function parseConfig(file: string, text: string): ConfigMap {
  if (/\.toml$/i.test(file)) return readToml(text, { title: "Traefik", file });
  if (/\.ya?ml$/i.test(file))
    return readYaml(text, { title: "Traefik", file, plain, uniqueKeys: true, merge: true });
  throw new ConfigRefusedError("Traefik", file, "unsupported file extension: want .yml, .yaml or .toml");
}

/** Every value is the text that it is written as: Traefik reads it so itself. */
function plain(text: string): string | null {
  return /^(?:~|null|Null|NULL|)$/.test(text) ? null : text;
}
