/**
 * What a gate's traffic may take from this machine: nothing of the environment for a scenario's sake, and data from where
 * configs may be read.
 */
import { UsageError } from "../../base/errors.js";
import { variablesOf } from "../../base/text-template.js";
import { outsideError, rootOf } from "../../proxy/reach/confinement.js";
import { createReach } from "../../proxy/reach/reach.js";
import { type Arm, armText, type ReadableFolder } from "../../scenario/arm.js";
import { textsOf as textsOfConversation } from "../../scenario/conversation.js";
import { resolveWorkload, type WorkloadInput } from "../../scenario/workload.js";

/** @throws UsageError: in a gate wsrally's own backend stands behind every config, on loopback alone */
export function refuseUpstream(file: string, { upstream, behind }: WorkloadInput): void {
  if (behind !== undefined)
    throw new UsageError(`Cannot hold a gate with ${file}: behind: ${behind}: ${whyNotBehind}`);
  if (upstream === "as-configured")
    throw new UsageError(`Cannot hold a gate with ${file}: upstream: as-configured: ${whyNoUpstream}`);
}

export const whyNotBehind =
  "a gate, whose scenario may be a stranger's, listens where nobody else does; want it in run or compare";

export const whyNoUpstream =
  "what a gate's config, which may be a stranger's, names as its upstream is not connected to; want it in run or compare";

/** Whoever changes the scenario would have secrets of this machine sent. @throws UsageError that says so */
export function refuseEnvironment(file: string, workload: WorkloadInput): void {
  const [variable] = textsOf(workload).flatMap(variablesOf);
  if (variable === undefined) return;
  throw new UsageError(
    `Cannot hold a gate with ${file}: it asks for \${env:${variable}}, and a gate's scenario, which may be a stranger's, ` +
      "reads nothing of this environment; want it in the command's own --header, --cookie, --subprotocol or --path",
  );
}

/**
 * The command's own flags may read the environment; what they read goes nowhere that a scenario names.
 * @throws UsageError that says so
 */
export function refuseScenarioAddresses(workload: WorkloadInput, arms: readonly Arm[]): void {
  const url = arms.find(({ target }) => target.kind === "url");
  const [variable] = textsOf(workload).flatMap(variablesOf);
  if (url === undefined || variable === undefined) return;
  throw new UsageError(
    `Cannot send \${env:${variable}} to ${armText(url.target)}: a gate's scenario, which may be a stranger's, names that ` +
      "address; want it as --candidate or --baseline",
  );
}

function textsOf(workload: WorkloadInput): string[] {
  const { path = "", header = [], cookie = [], subprotocol = [], message = "" } = workload;
  const { conversation } = resolveWorkload(workload);
  const said = conversation === null ? [] : textsOfConversation(conversation);
  return [path, ...header, ...cookie, ...subprotocol, message, ...said];
}

interface DataPlace {
  readonly locate: (file: string) => string;
  /** Where it must lie; null: in its own repository. */
  readonly root: string | null;
  readonly allowIncludes: readonly string[];
  readonly readable: (folder: string) => Promise<ReadableFolder>;
}

/** @returns the workload with what to read for its data @throws UsageError when the data may not be read */
export async function withReadableData<Input extends WorkloadInput>(
  workload: Input,
  { locate, root, allowIncludes, readable }: DataPlace,
): Promise<Input> {
  if (workload.data === undefined) return workload;
  const file = locate(workload.data);
  const allowed = allowIncludes.map((path) => ({ path, tracked: null }));
  const folders = [await readable(root ?? rootOf(file)), ...allowed];
  const data = createReach(folders).fileAt(file);
  if (data !== null) return { ...workload, data };
  throw createReach(folders).isOutside(file)
    ? outsideError(`the data ${workload.data}`, null, folders)
    : new UsageError(
        `Cannot read the data ${workload.data}: no file that git tracks; --allow-includes DIR lets it`,
      );
}
