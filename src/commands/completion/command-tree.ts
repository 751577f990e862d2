/**
 * What can be typed, as a shell has to know it: the commands with their flags, and the words that stand behind both.
 */
import type { Command, Option } from "commander";
import { drivers } from "../../proxy/drivers.js";
import { builtInScenarios } from "../../scenario/find-scenario.js";
import { bareNames, metricNames } from "../../scenario/metric.js";
import { proxyKinds } from "../../scenario/proxy-kind.js";
import { engineNames } from "../../scenario/workload.js";
import { rolloutEvents } from "../../trial/rollout/rollout-event.js";
import { helpAllFlag } from "../help-groups.js";

export interface TypedFlag {
  readonly names: readonly string[];
  readonly about: string;
  /** A word follows it. */
  readonly takesValue: boolean;
  /** Empty: anything, such as a number or a file. */
  readonly values: readonly string[];
}

export interface TypedCommand {
  /** `["proxies", "install"]`; empty for wsrally alone. */
  readonly path: readonly string[];
  readonly about: string;
  readonly flags: readonly TypedFlag[];
  /** What may stand behind it, besides files: commands and arguments. */
  readonly words: readonly { readonly word: string; readonly about: string }[];
  /** Stored runs may stand behind it. */
  readonly takesRuns: boolean;
  /** Files may. */
  readonly takesFiles: boolean;
}

/** Of wsrally itself and all below it. */
export function typedCommands(program: Command): TypedCommand[] {
  return collect(program, []);
}

function collect(command: Command, path: readonly string[]): TypedCommand[] {
  const inner = command.commands.filter((one) => one.name() !== "help");
  const subjects = command.registeredArguments.map((argument) => argument.name());
  const own: TypedCommand = {
    path,
    about: command.summary() || firstSentence(command.description()),
    flags: [
      ...command.options.filter(({ hidden }) => !hidden).map(toFlag),
      { names: ["--help"], about: "what there is", takesValue: false, values: [] },
      { names: [helpAllFlag], about: "everything there is", takesValue: false, values: [] },
    ],
    words: [
      ...inner.map((one) => ({ word: one.name(), about: one.summary() || firstSentence(one.description()) })),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []).map(bare),
      ...subjects.flatMap((subject) => subjectWords(subject, path)).map(bare),
    ],
    takesRuns: subjects.some((subject) => /^runs?$/.test(subject)),
    takesFiles: subjects.some((subject) => /\b(arm|runs?)\b/.test(subject)),
  };
  return [own, ...inner.flatMap((one) => collect(one, [...path, one.name()]))];
}

function bare(word: string): { word: string; about: string } {
  return { word, about: "" };
}

/** By the name that help gives an argument. */
function subjectWords(subject: string, path: readonly string[]): string[] {
  const arms = [...proxyKinds, "direct", "embedded"];
  if (/^runs?$/.test(subject)) return ["latest"];
  if (path.join(" ") === "proxies install") return [...proxyKinds];
  return [
    ...(/\barm\b/.test(subject) ? arms : []),
    ...(/\bscenario\b/.test(subject) && subject !== "scenario" ? builtInScenarios() : []),
  ];
}

function toFlag(option: Option): TypedFlag {
  const { short, long, description, argChoices } = option;
  return {
    names: [long, short].filter((name) => name !== undefined && name !== null),
    about: description,
    takesValue: option.required || option.optional,
    values: (argChoices ?? flagValues(long ?? "")).filter((word) => /^[A-Za-z0-9_.-]+=?$/.test(word)),
  };
}

/** Of flags whose values are checked elsewhere than by a list of choices. */
function flagValues(long: string): readonly string[] {
  switch (long) {
    case "--engine":
      return engineNames;
    case "--metric":
      return [...bareNames, ...metricNames];
    case "--event":
      return rolloutEvents;
    case "--set":
      return [...new Set(proxyKinds.flatMap((kind) => drivers[kind].settings.names))].map(
        (name) => `${name}=`,
      );
    default:
      return [];
  }
}

function firstSentence(text: string): string {
  return text.split(". ", 1)[0] ?? "";
}
