/**
 * What is compared: arms from flags or a scenario, with those at a git ref fetched into a private folder.
 */
import { UsageError } from "../../base/errors.js";
import { maskUrl } from "../../base/mask-secrets.js";
import type { Workspace } from "../../base/workspace.js";
import { drivers } from "../../proxy/drivers.js";
import { rootOf } from "../../proxy/reach/confinement.js";
import type { ConfigSide } from "../../results/config-diff.js";
import {
  type Arm,
  armText,
  isConfigured,
  type ReadableFolder,
  refuseImages,
  startsAsArm,
} from "../../scenario/arm.js";
import { armHint } from "../../scenario/arm-hint.js";
import { findScenario } from "../../scenario/find-scenario.js";
import { withParsedArms } from "../../scenario/parse-arms.js";
import { parseScenario } from "../../scenario/parse-scenario.js";
import { kindByFileName } from "../../scenario/proxy-kind.js";
import type { ParsedScenario } from "../../scenario/scenario.js";
import type { WorkloadInput } from "../../scenario/workload.js";
import { findGivenArm } from "../arm-settings.js";
import { asGitPath, fetchConfig, MissingAtRefError } from "./fetch-config.js";
import type { GateFlags } from "./gate-flags.js";
import {
  refuseEnvironment,
  refuseScenarioAddresses,
  refuseUpstream,
  withReadableData,
} from "./gate-traffic.js";
import type { PrivateNames } from "./private-names.js";
import { readableFolder } from "./tracked-files.js";

/** A gate's question before its configs are looked for: they are named as they were written. */
export interface GateQuestion {
  readonly name: string;
  readonly input: ParsedScenario;
  /** The first arm of the input is the baseline of all others, and there are no more than two. */
  readonly isSimple: boolean;
  readonly locate: (file: string) => string;
  /** Where a scenario's configs must lie; null: each in its own repository, as whoever started the gate named them. */
  readonly root: string | null;
}

/** @throws UsageError when the scenario cannot be read */
export function readQuestion({ baseline, candidate, scenario }: GateFlags): GateQuestion {
  if (scenario !== undefined) {
    const file = findScenario(scenario);
    if (file === null)
      throw new UsageError(`Cannot read the scenario ${scenario}: want a .yaml file, or a built-in name`);
    const { name, text, locate } = file;
    const input = withParsedArms(parseScenario(text, file.file), asWritten);
    refuseEnvironment(file.file, input.workload ?? {});
    refuseUpstream(file.file, input.workload ?? {});
    return { name, input, isSimple: false, locate, root: rootOf(file.file) };
  }
  const sides = [
    ...(typeof baseline === "string" ? [namedArm(baseline, "baseline")] : []),
    namedArm(candidate ?? "", "candidate"),
  ];
  const input = withParsedArms({ arms: sides }, asWritten);
  return { name: "gate", input, isSimple: true, locate: findGivenArm, root: null };
}

/** At a git ref, or where `locate` finds it. */
const asWritten = (file: string): string => file;

/** `NAME=` is taken as in any arm; what is no arm is a config. */
function namedArm(text: string, role: string): { readonly name: string; readonly arm: string } {
  const [, name = role, rest = text] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})=(.+)$/.exec(text) ?? [];
  if (/^https?:\/\//i.test(rest)) throw new UsageError(`Cannot gate ${maskUrl(rest)}${armHint(rest)}`);
  return { name, arm: startsAsArm(rest) ? rest : `${kindByFileName(rest)}:${rest}` };
}

export interface GateSides {
  /** Every config is held to the folders that it may be read from. */
  readonly input: ParsedScenario;
  /** The command line's, with what to read for its data. */
  readonly workload: WorkloadInput;
  /** By file: the config with every file that it names, and how the user calls it. */
  readonly configs: ReadonlyMap<string, ConfigSide>;
  /** Arms whose ref has no such file, where that is allowed; they are not in `input`. */
  readonly newAt: readonly string[];
}

interface FetchSettings {
  readonly workspace: Workspace;
  readonly names: PrivateNames;
  readonly workload: WorkloadInput;
  readonly allowNew: boolean;
  readonly allowIncludes: readonly string[];
  readonly signal: AbortSignal;
}

/** Fetches what lies at git refs, and reads what every config names. */
export async function fetchSides(question: GateQuestion, settings: FetchSettings): Promise<GateSides> {
  refuseImages(
    question.input.arms,
    "hold a gate with",
    "wsrally confines processes of its own alone; want a program of this machine, such as nginx:FILE, or wsrally compare",
  );
  if (!question.isSimple) refuseScenarioAddresses(settings.workload, question.input.arms);
  const arms: Arm[] = [];
  const configs = new Map<string, ConfigSide>();
  const newAt: string[] = [];
  const repositories = new Map<string, Promise<ReadableFolder>>();
  const readable = (folder: string): Promise<ReadableFolder> => {
    const known = repositories.get(folder) ?? readableFolder(folder, settings.signal);
    repositories.set(folder, known);
    return known;
  };
  for (const arm of question.input.arms) {
    const config = await fetchArm(arm, question, { ...settings, readable });
    if (config === "new") newAt.push(arm.name);
    else if (config === null) arms.push(arm);
    else {
      const { file, folders, ...side } = config;
      arms.push({
        ...arm,
        target: { kind: "proxy", proxy: side.proxy, configFile: file, confinedTo: folders },
      });
      configs.set(file, side);
    }
  }
  const { locate, root, input } = question;
  const { allowIncludes } = settings;
  const ofScenario = await withReadableData(input.workload ?? {}, { locate, root, allowIncludes, readable });
  const workload = await withReadableData(settings.workload, {
    locate: asWritten,
    root: null,
    allowIncludes,
    readable,
  });
  return { input: { ...input, workload: ofScenario, arms }, workload, configs, newAt };
}

interface FoundConfig extends ConfigSide {
  readonly file: string;
  readonly folders: readonly ReadableFolder[];
}

interface ArmSettings extends FetchSettings {
  /** A folder with what may be read in it. */
  readonly readable: (folder: string) => Promise<ReadableFolder>;
}

/** Null for an arm without a file of its own. */
async function fetchArm(
  { target }: Arm,
  { locate, root }: GateQuestion,
  { workspace, names, allowNew, allowIncludes, readable, signal }: ArmSettings,
): Promise<FoundConfig | "new" | null> {
  if (!isConfigured(target)) return null;
  const { configFile, proxy } = target;
  const { configs, confinement } = drivers[proxy];
  if (configs === null || confinement === null)
    throw new UsageError(`Cannot hold a gate with ${armText(target)} yet: wsrally cannot confine it`);
  const { namedFiles } = configs;
  const allowed = allowIncludes.map((path) => ({ path, tracked: null }));
  const atRef = asGitPath(configFile);
  if (atRef === null) {
    const file = findGivenArm(locate(configFile));
    const folders = [await readable(root ?? rootOf(file)), ...allowed];
    return { file, files: await namedFiles(file, { folders }), shown: configFile, folders, proxy };
  }
  const folder = await workspace.folder(`ref-${names.count()}`);
  names.add(folder, atRef.ref);
  try {
    const { file, files } = await fetchConfig(atRef, { folder, namedFiles, signal });
    const folders = [{ path: folder, tracked: null }, ...allowed];
    return { file, files, shown: configFile, folders, proxy };
  } catch (thrown) {
    if (allowNew && thrown instanceof MissingAtRefError) return "new";
    throw thrown;
  }
}
