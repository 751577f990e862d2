/**
 * The configs of Envoy's corpus.
 */
import { fileURLToPath } from "node:url";

/** From the working directory as a user would give it. */
export function corpusFile(name: string): string {
  return fileURLToPath(new URL(`../../../../test/proxy/envoy/corpus/${name}`, import.meta.url));
}
