/**
 * A config of the corpus: what an upgrade through it comes to, and what Caddy's driver must say of it.
 */
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import type { LogCause } from "#wsrally/diagnosis/log-cause.js";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";

export interface CorpusRow {
  readonly name: string;
  /** Lines of the site `http://a.test`. */
  readonly site?: string;
  /** A whole Caddyfile, or JSON, in its place. */
  readonly whole?: string;
  /** Asked for; what the driver finds unless given. */
  readonly path?: string;
  /** Of the answer to a browser's upgrade; null for none. */
  readonly status: number | null;
  /** Where the request arrives, if not where it was sent to. */
  readonly arrives?: string;
  /** What a probe would see; made of the status where it is not given. */
  readonly symptom?: Symptom;
  /** Of the line that the proxy logs. */
  readonly cause?: LogCause;
  /** Of cause or cure; nothing is to be said where it is not given. */
  readonly says?: RegExp;
  readonly advises?: readonly FindingId[];
  /** Held against a real Caddy in every run of the tests, and not by night alone. */
  readonly isTried?: true;
  /** The first version that takes it. */
  readonly since?: string;
  readonly idleS?: number;
  /** What a gate says; nothing where it is taken. */
  readonly confined?: RegExp;
}

export function configText({ site = "", whole }: CorpusRow): string {
  return whole ?? `http://a.test {\n${site.replace(/^/gm, "\t")}\n}\n`;
}
