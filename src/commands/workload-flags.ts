/**
 * The workload's flags: the same names, checks and words as a scenario's keys.
 */
import type { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { schemaWords } from "../scenario/schema-words.js";
import { engineNames, type WorkloadInput, workloadSchema } from "../scenario/workload.js";
import { collectSettings } from "./arm-settings.js";
import { givenToken, tokenFileWords } from "./given-token.js";
import { detailGroups } from "./help-groups.js";

const shape = workloadSchema.shape;

function about(key: keyof typeof shape): string {
  return shape[key].unwrap().description ?? "";
}

/** Flags that a command has no use for, each with the reason: its help leaves them out, and it refuses them. */
export type UnusedFlags = Readonly<Partial<Record<keyof typeof shape | "tokenFile", string>>>;

/** Adds every workload flag to a command. */
export function addWorkloadFlags(command: Command, unused: UnusedFlags = {}): Command {
  addAll(command);
  for (const option of command.options) {
    if (option.attributeName() in unused) option.hideHelp();
  }
  return command;
}

function addAll(command: Command): Command {
  return command
    .optionsGroup("Load:")
    .option("--connections <n>", about("connections"))
    .option("--rate <msg/s>", about("rate"))
    .option("--closed", about("closed"))
    .option("--duration <time>", about("duration"))
    .option("--payload <size>", about("payload"))
    .optionsGroup("Stop when:")
    .option("--max-seconds <time>", about("maxSeconds"))
    .option("--blocks <n>", about("blocks"))
    .option("--precision <share>", about("precision"))
    .optionsGroup(detailGroups.load)
    .option("--mix <classes>", about("mix"))
    .option("--stages <stages>", about("stages"))
    .option("--replay <file.har>", about("replay"))
    .option("--sizes <sizes>", about("sizes"))
    .option("--compressibility <share>", about("compressibility"))
    .option("--think <time>", about("think"))
    .option("--churn <connections>", about("churn"))
    .option("--warmup <time>", about("warmup"))
    .option("--interleave <how>", about("interleave"))
    .option("--burn-in <which>", about("burnIn"))
    .option("--arrivals <kind>", about("arrivals"))
    .option("--ramp <conn/s>", about("ramp"))
    .option("--heartbeat <time>", about("heartbeat"))
    .option("--text", about("text"))
    .option("--binary", about("binary"))
    .option("--preset <name>", about("preset"))
    .option("--first <step>", `${about("first")} (repeat as needed)`, collectSettings)
    .option("--message <text>", about("message"))
    .option("--reply <rule>", about("reply"))
    .option("--ignore <match>", `${about("ignore")} (repeat as needed)`, collectSettings)
    .option("--answer <rule>", `${about("answer")} (repeat as needed)`, collectSettings)
    .option("--keep-alive <what>", about("keepAlive"))
    .option("--push <what>", about("push"))
    .option("--fanout <what>", about("fanout"))
    .option("--delay <time>", about("delay"))
    .option("--loss <share>", about("loss"))
    .option("--upstream <which>", about("upstream"))
    .option("--behind <address:port>", about("behind"))
    .option("--token <token>", about("token"))
    .option("--token-file <file>", tokenFileWords)
    .option("--residence", about("residence"))
    .option("--no-split", "Send no stamped messages, which split one round trip of 16 into its directions")
    .optionsGroup(detailGroups.handshake)
    .option("--path <path>", about("path"))
    .option("--server-name <name>", about("serverName"))
    .option("--host <host>", about("host"))
    .option("--origin <origin>", about("origin"))
    .option("--header <name:value>", `${about("header")} (repeat as needed)`, collectSettings)
    .option("--cookie <name=value>", `${about("cookie")} (repeat as needed)`, collectSettings)
    .option("--subprotocol <name>", `${about("subprotocol")} (repeat as needed)`, collectSettings)
    .option("--data <file>", about("data"))
    .option("--deflate", about("deflate"))
    .option("--http <version>", about("http"))
    .option("--streams <n>", about("streams"))
    .optionsGroup(detailGroups.tls)
    .option("--ca <file>", about("ca"))
    .option("--insecure", about("insecure"))
    .option("--resume", about("resume"))
    .optionsGroup(detailGroups.generator)
    .option("--engine <name>", `${about("engine")}: ${engineNames.join(", ")}`)
    .option("--threads <n>", about("threads"))
    .option("--busy-poll", about("busyPoll"))
    .option("--seed <n>", about("seed"))
    .optionsGroup("Options:");
}

/** @throws UsageError for a flag that the command has no use for */
export function refuseUnused(
  command: string,
  unused: UnusedFlags,
  options: Readonly<Record<string, unknown>>,
): void {
  for (const [key, why] of Object.entries(unused)) {
    if (options[key] !== undefined)
      throw new UsageError(`Cannot use --${toFlag(key)} with ${command}: ${why}`);
  }
}

function toFlag(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flags that were given, checked. @throws UsageError with a line for every fault */
export function readWorkloadFlags(options: Readonly<Record<string, unknown>>): WorkloadInput {
  const flags = Object.fromEntries(
    Object.keys(shape).flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
  // The environment's is for a backend that somebody else's proxy stands before, and for nothing else.
  const token = givenToken(options, options.behind === undefined ? {} : process.env);
  const given: Record<string, unknown> = token === undefined ? flags : { ...flags, token };
  const parsed = workloadSchema.safeParse(given, { error: schemaWords });
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues
      .map(({ path, message }) => {
        const key = String(path[0] ?? "");
        const value = given[key];
        const shown = typeof value === "string" || typeof value === "number" ? ` ${value}` : "";
        // Of a text with names in it: which of them.
        const within = path.slice(1).filter((part) => typeof part === "string");
        return [`Cannot use --${toFlag(key)}${shown}`, ...within, message].join(": ");
      })
      .join("\n"),
  );
}
