/**
 * One probe from start to end: the arm between a client and a backend of ours, every check, the findings in order.
 */
import { ConfigRefusedError } from "../proxy/nginx/config-refused-error.js";
import type { PreparedProxy } from "../proxy/proxy.js";
import type { ArmTarget } from "../scenario/arm.js";
import { type ArmSession, startSession } from "./arm-session.js";
import { checks, foreignChecks } from "./checks/check-list.js";
import { checkTarget } from "./checks/check-target.js";
import { explainRefusal } from "./checks/explain-refusal.js";
import { findWebSocketPath, parseConfigTree, readConfigTree, viewConfig } from "./config/config-view.js";
import { createContext } from "./create-context.js";
import { type Finding, fault, findingIds, notTested, ok } from "./finding.js";
import type { ProbeContext } from "./probe-context.js";

export interface ProbeSettings {
  readonly arm: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  /** Null: where the config proxies Upgrade, the URL's own, or `/sock`. */
  readonly path: string | null;
  /** Null: the path that the client asks for. */
  readonly backendPath: string | null;
  readonly host: string | null;
  readonly origin: string | null;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly quick: boolean;
  readonly idle: boolean;
  readonly signal: AbortSignal;
  /** Told what is being looked at. */
  readonly progress: (doing: string) => void;
}

export interface ProbeResult {
  readonly path: string;
  /** Null when the config was refused. */
  readonly proxy: PreparedProxy | null;
  readonly findings: readonly Finding[];
}

const usualPath = "/sock";

/** @throws UsageError or EnvironmentError when the arm cannot be run for a reason that is not its config */
export async function runProbe(settings: ProbeSettings): Promise<ProbeResult> {
  const { arm, signal } = settings;
  let path = settings.path ?? usualPath;
  let session: ArmSession | null = null;
  try {
    settings.progress("starting the arm");
    const tree = arm.kind === "nginx" && arm.configFile !== null ? readConfigTree(arm.configFile) : null;
    path = settings.path ?? pathOf(arm, tree === null ? usualPath : findWebSocketPath(tree, usualPath));
    const noTarget = tree === null ? null : checkTarget(tree);
    if (noTarget !== null) return { path, proxy: null, findings: complete([noTarget]) };
    session = await startSession({ target: arm, set: settings.set, path, signal });
    const { configText } = session.prepared;
    const read = tree ?? (configText === null ? null : parseConfigTree(configText));
    const view = read === null ? null : viewConfig(read, path);
    const context = await createContext({ settings, session, path, view });
    const own = arm.kind === "nginx" ? [ok("config-refused")] : [];
    const findings = [...own, ...(await runChecks(context, settings))];
    return { path, proxy: session.prepared, findings: complete(findings) };
  } catch (thrown) {
    if (!(thrown instanceof ConfigRefusedError)) throw thrown;
    return { path, proxy: null, findings: complete([refused(thrown)]) };
  } finally {
    await session?.stop();
  }
}

function pathOf(arm: ArmTarget, otherwise: string): string {
  if (arm.kind !== "url") return otherwise;
  const { pathname, search } = new URL(arm.url);
  return `${pathname}${search}`;
}

async function runChecks(context: ProbeContext, { progress, signal }: ProbeSettings): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { doing, run } of context.backend === null ? foreignChecks : checks) {
    signal.throwIfAborted();
    progress(doing);
    findings.push(...(await run(context)));
  }
  return findings;
}

function refused({ words }: ConfigRefusedError): Finding {
  return fault("config-refused", {
    side: "proxy",
    title: "the proxy refuses its config",
    evidence: words.split("; ").map((line) => `proxy said: ${line}`),
    ...explainRefusal(words),
  });
}

/** Every id once, in the order of the list: what nothing was said about was not tested. */
function complete(findings: readonly Finding[]): Finding[] {
  const first = findings[0];
  const isStopped = findings.length === 1 && first?.status === "fault";
  return findingIds.flatMap((id) => {
    const found = findings.filter((finding) => finding.id === id);
    if (found.length > 0) return found;
    return [
      notTested(id, isStopped ? "there is nothing to run with this config" : "this arm does not show it"),
    ];
  });
}
