/**
 * What a first scenario or CI file is made of: as the user wrote it, each answer checked by what the program itself reads it with.
 */
import { existsSync } from "node:fs";
import { UsageError } from "../../base/errors.js";
import { parseArm, startsAsArm, withoutArmName } from "../../scenario/arm.js";
import { kindByFileName } from "../../scenario/proxy-kind.js";
import { parseSlos } from "../../scenario/slo.js";
import { workloadSchema } from "../../scenario/workload.js";

export const fileKinds = ["scenario", "github", "gitlab"] as const;
export type FileKind = (typeof fileKinds)[number];

export interface Answers {
  /** Of a scenario the first is the baseline; for CI there is one, the config that a pull request changes. */
  readonly arms: readonly string[];
  /** Null, here and below: left to the program. */
  readonly connections: string | null;
  readonly rate: string | null;
  readonly slo: string | null;
  readonly maxSeconds: string | null;
}

/** Where each kind goes unless another file is named. */
export const usualFiles: Readonly<Record<FileKind, string>> = {
  scenario: "wsrally.yaml",
  github: ".github/workflows/wsrally.yml",
  gitlab: ".gitlab-ci.yml",
};

/** Where configs of proxies lie in most repositories. */
const usualConfigs = [
  "nginx.conf",
  "deploy/nginx.conf",
  "conf/nginx.conf",
  "nginx/nginx.conf",
  "haproxy.cfg",
  "Caddyfile",
  "envoy.yaml",
];

/** The config that is there, as a first guess. */
export function likelyConfig(): string | null {
  return usualConfigs.find((file) => existsSync(file)) ?? null;
}

/** An arm; a file without its kind gets the one that its name tells of. @throws UsageError */
export function readArm(text: string): string {
  const isFile = !startsAsArm(withoutArmName(text)) && existsSync(text);
  const arm = isFile ? `${kindByFileName(text)}:${text}` : text;
  parseArm(arm);
  return arm;
}

/** A config in the repository, with its kind in front where its name does not tell it. @throws UsageError */
export function readConfig(text: string): string {
  if (/^(wss?|https?):/i.test(text) || text.trim() === "")
    throw new UsageError(`Cannot gate ${text}: want a config in the repository, such as deploy/nginx.conf`);
  parseArm(startsAsArm(text) ? text : `${kindByFileName(text)}:${text}`);
  return text;
}

/** Empty for none. @throws UsageError that shows the first fault's place */
export function readSlo(text: string): string | null {
  if (text !== "") parseSlos(text);
  return text || null;
}

type Amount = "connections" | "rate" | "maxSeconds";

/** Empty for what the program takes by itself. @throws UsageError with what is wanted */
export function readAmount(name: Amount, text: string): string | null {
  if (text === "") return null;
  const parsed = workloadSchema.shape[name].safeParse(text);
  if (parsed.success) return text;
  throw new UsageError(
    `Cannot use ${text} for ${amountWords[name]}: ${parsed.error.issues[0]?.message ?? ""}`,
  );
}

const amountWords: Readonly<Record<Amount, string>> = {
  connections: "connections",
  rate: "messages a second",
  maxSeconds: "the time that it may take",
};
