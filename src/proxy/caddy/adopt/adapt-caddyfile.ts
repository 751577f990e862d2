/**
 * A Caddyfile made to JSON by Caddy itself (`caddy adapt`), which starts nothing of it. What it reads is wsrally's own print
 * of the tree: imports and variables are in, and nothing in it names a file that is read on the way.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { ProxyLaunch } from "../../instance/launch.js";
import { askLaunched } from "../../instance/launch-words.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ConfigTree } from "../language/config-tree.js";
import { printConfig } from "../language/print-config.js";
import { privateEnvironment } from "../run/caddy-instance.js";
import { refusalOf } from "../run/check-config.js";
import { isRecord, type Json } from "./json.js";
import { translatePlaces } from "./translate-words.js";

export interface Workplace {
  /** The private folder. */
  readonly prefix: string;
  readonly launch: ProxyLaunch;
  readonly signal: AbortSignal;
  /** Of the program. */
  readonly version: string;
}

const limitMs = 30_000;
/** Beside what will be `Caddyfile` or `caddy.json`. */
const fileName = "adapted.caddyfile";

/** @throws ConfigRefusedError with Caddy's own words and the user's file and line */
export async function adaptCaddyfile(
  tree: ConfigTree,
  file: string,
  { prefix, launch, signal }: Workplace,
): Promise<Json> {
  const printed = printConfig(tree);
  await writePrivate({ prefix, launch }, fileName, printed.text);
  const asked = ["adapt", "--config", fileName, "--adapter", "caddyfile"];
  const result = await askLaunched({ prefix, launch }, asked, {
    ...{ environment: privateEnvironment(prefix), signal },
    timeoutMs: limitMs,
  });
  await rm(join(prefix, fileName));
  const found = result.exitCode === 0 ? parsed(result.stdout) : null;
  if (found !== null) return found;
  const words = refusalOf(result.stderr) ?? `caddy adapt ended with ${result.exitCode}`;
  throw new ConfigRefusedError("Caddy", file, translatePlaces(words, { printed, fileName, file }));
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // It is not what this program is known to print.
    return null;
  }
}
