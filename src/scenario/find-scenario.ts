/**
 * The scenarios that travel in the package, and the user's own files.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf, messageOf, UsageError } from "../base/errors.js";
import { nearestName } from "../base/nearest-name.js";
import { readSmallFile } from "../base/read-small-file.js";
import { startsAsArm, withoutArmName } from "./arm.js";
import { proxyKinds } from "./proxy-kind.js";

const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));

interface ScenarioFile {
  /** As the user will read it in errors. */
  readonly file: string;
  /** Without folder and ending. */
  readonly name: string;
  readonly text: string;
  /** Finds a config file that the scenario names: beside the scenario, else from the current folder. */
  readonly locate: (file: string) => string;
}

/** Names of the scenarios in the package. */
export function builtInScenarios(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * Reads a scenario by its file or its built-in name.
 * @returns null when the text names neither, so that it may be an arm
 * @throws UsageError when it names a file that cannot be read, or is most likely a built-in name mistyped
 */
export function findScenario(text: string): ScenarioFile | null {
  if (builtInScenarios().includes(text)) return read(join(folder, `${text}.yaml`));
  const looksLikeFile = /\.(ya?ml|json)$/i.test(text) && !startsAsArm(withoutArmName(text));
  if (looksLikeFile) return read(text);
  refuseMistyped(text);
  return null;
}

function refuseMistyped(text: string): void {
  const scenarios = builtInScenarios();
  const near = nearestName(text, [...proxyKinds, ...scenarios]);
  if (near === null || !scenarios.includes(near) || startsAsArm(withoutArmName(text))) return;
  throw new UsageError(
    `There is no scenario ${text} (did you mean ${near}?): want ${scenarios.join(", ")}, a file, or an arm such as nginx`,
  );
}

function read(file: string): ScenarioFile {
  let text: string;
  try {
    text = readSmallFile(file).toString("utf8");
  } catch (thrown) {
    const why = codeOf(thrown) === "ENOENT" ? "there is no such file" : messageOf(thrown);
    throw new UsageError(
      `Cannot read the scenario ${file}: ${why}; built-in scenarios are ${builtInScenarios().join(", ")}`,
    );
  }
  return {
    file,
    name: basename(file)
      .replace(/\.[^.]*$/, "")
      .replace(/[^A-Za-z0-9._-]+/g, "-"),
    text,
    locate(config) {
      const beside = resolve(dirname(file), config);
      return existsSync(beside) ? beside : config;
    },
  };
}
