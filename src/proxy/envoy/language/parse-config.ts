/**
 * Text to tree. Envoy takes a file that ends in `.yaml` or `.yml` for YAML and any other for JSON, of which YAML is a
 * superset: one parser finds the places in both.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { readYaml } from "../../tree/read-yaml.js";
import { plainScalar } from "./yaml-scalars.js";

/** @throws ConfigRefusedError with the line when it is not well-formed */
export function parseConfig(file: string, text: string): ConfigMap {
  if (!/\.ya?ml$/i.test(file)) refuseNonJson(file, text);
  return readYaml(text, { title: "Envoy", file, plain: plainScalar, uniqueKeys: false, merge: false });
}

function refuseNonJson(file: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : "no JSON";
    const position = Number(/at position (\d+)/.exec(words)?.[1] ?? 0);
    const line = text.slice(0, position).split("\n").length;
    const said = words.replace(/ in JSON at position.*$|, "[\s\S]*$/, "");
    throw new ConfigRefusedError("Envoy", file, `${file}:${line}: ${said}`, {
      hint: "Envoy takes a file for JSON unless its name ends in .yaml or .yml",
    });
  }
}
