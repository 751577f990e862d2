/**
 * What a test of HAProxy needs around it.
 */
import { fileURLToPath } from "node:url";
import { haproxyDriver } from "#wsrally/proxy/haproxy/driver.js";
import { type UpgradeBench, withUpgrades } from "../../support/upgrade-bench.js";

/** From the working directory as a user would give it. */
export function corpusFile(name: string): string {
  return fileURLToPath(new URL(`../../../../test/proxy/haproxy/corpus/${name}`, import.meta.url));
}

/** Runs a test with its surroundings, and clears them away whatever happens. */
export function withHaproxy(test: (bench: UpgradeBench) => Promise<void>): Promise<void> {
  return withUpgrades(haproxyDriver, test);
}
