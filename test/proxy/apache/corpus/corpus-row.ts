/**
 * A config of the corpus: what an upgrade through it comes to, and what Apache's driver must say of it.
 */
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";

export interface CorpusRow {
  readonly name: string;
  /** Lines of the virtual host `a.test` at port 80, from line 3 on. */
  readonly site?: string;
  /** A whole file in its place. */
  readonly whole?: string;
  /** Files beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Asked for; what the driver finds unless given. */
  readonly path?: string;
  /** Of the answer to a browser's upgrade; null for none. */
  readonly status: number | null;
  /** Where the request arrives, if not where it was sent to. */
  readonly arrives?: string;
  /** What a probe would see; made of the status where it is not given. */
  readonly symptom?: Symptom;
  /** Of cause or cure; nothing is to be said where it is not given. */
  readonly says?: RegExp;
  readonly advises?: readonly FindingId[];
  /** Of all that is advised. */
  readonly tells?: RegExp;
  /** Held against a real Apache in every run of the tests, and not by night alone. */
  readonly isTried?: true;
  /** Needs what the bench has not: it is read, and not run. */
  readonly isReadOnly?: true;
  readonly idleS?: number;
  readonly room?: number | null;
  /** Of the Apache that it is read for. */
  readonly version?: string;
  /** What a gate says; nothing where it is taken. */
  readonly confined?: RegExp;
}

export function configText({ site = "", whole }: CorpusRow): string {
  return whole ?? `<VirtualHost *:80>\nServerName a.test\n${site}\n</VirtualHost>\n`;
}

/** A whole config: these modules, and one virtual host. */
export function wholeConfig(modules: string, site: string, main = ""): string {
  const loads = modules
    .trim()
    .split(/\s+/)
    .map((name) => `LoadModule ${name}_module modules/mod_${name}.so`);
  return `ServerRoot "/usr/local/apache2"\nListen 80\n${loads.join("\n")}\n${main}\n<VirtualHost *:80>\nServerName a.test\n${site}\n</VirtualHost>\n`;
}

/** What most configs load. */
export const usualModules = "mpm_event unixd authz_core proxy proxy_http rewrite headers";
