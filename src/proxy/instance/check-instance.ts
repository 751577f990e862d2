/**
 * Asks a proxy itself whether a config is good, always of the copy in its private folder.
 */
import { findFreePorts } from "../free-port.js";
import { askLaunched } from "./launch-words.js";
import type { ProxyInstance } from "./proxy-instance.js";

interface CheckSpec {
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Writes what it will read, for these ports. @returns the config's text */
  write(listenPorts: readonly number[]): Promise<string>;
}

interface CheckedConfig {
  /** As it was checked, addresses filled in. */
  readonly text: string;
  /** 0 for a good one. */
  readonly exitCode: number | null;
  /** All that the proxy said, what it calls errors first. */
  readonly output: string;
}

const checkLimitMs = 30_000;

/** @throws the signal's reason */
export async function checkInstance(
  instance: ProxyInstance,
  spec: CheckSpec,
  signal: AbortSignal,
): Promise<CheckedConfig> {
  const text = await spec.write(await findFreePorts(instance.listenCount));
  const { exitCode, stderr, stdout } = await askLaunched(instance, spec.arguments, {
    ...{ environment: spec.environment, signal },
    timeoutMs: checkLimitMs,
  });
  return { text, exitCode, output: `${stderr}${stdout}` };
}
