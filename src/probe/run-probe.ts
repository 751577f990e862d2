/**
 * One probe from start to end: the arm between a client and a backend of ours, every check, the findings in order.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { UsageError } from "../base/errors.js";
import { Secrets } from "../base/secrets.js";
import { type Finding, type FindingId, findingIds, notTested, ok } from "../diagnosis/finding.js";
import { drivers } from "../proxy/drivers.js";
import {
  findWebSocketPath,
  parseConfigTree,
  readConfigTree,
  viewConfig,
} from "../proxy/nginx/explain/config-view.js";
import { nginxFacts } from "../proxy/nginx/explain/nginx-facts.js";
import { autoWorkersOf } from "../proxy/nginx/explain/worker-room.js";
import { maskTree } from "../proxy/nginx/language/mask-config.js";
import type { Directive } from "../proxy/nginx/language/nginx-tree.js";
import { speaksTlsUpstream, upstreamTlsNames } from "../proxy/nginx/route/upstream-tls-names.js";
import type { PreparedProxy } from "../proxy/proxy.js";
import { type ArmTarget, armText, isConfigured } from "../scenario/arm.js";
import { type ArmSession, type SessionSettings, startSession } from "./arm-session.js";
import { asConfiguredChecks, checks, explainedChecks, foreignChecks } from "./checks/check-list.js";
import { checkTarget } from "./checks/check-target.js";
import { explainThrown } from "./checks/explain-refusal.js";
import { createContext } from "./create-context.js";
import { isNginx } from "./is-nginx.js";
import type { Observation, ProbeContext } from "./probe-context.js";
import type { ProbeSettings } from "./probe-settings.js";
import type { ProbeTally } from "./probe-tally.js";

export interface ProbeResult {
  readonly path: string;
  /** Null when the config was refused. */
  readonly proxy: PreparedProxy | null;
  readonly findings: readonly Finding[];
  /** What the arm was sent. */
  readonly sent: Readonly<ProbeTally>;
}

const nothingSent: Readonly<ProbeTally> = { connections: 0, messages: 0 };

const usualPath = "/sock";

/** @throws UsageError or EnvironmentError when the arm cannot be run for a reason that is not its config */
export async function runProbe(settings: ProbeSettings): Promise<ProbeResult> {
  const secrets = secretsOf(settings);
  const result = await findAll(settings, secrets);
  return { ...result, findings: result.findings.map((finding) => withoutSecrets(finding, secrets)) };
}

/** What is quoted of it in a finding is masked; what is compared is as it is. */
function withoutSecrets(finding: Finding, secrets: Secrets): Finding {
  const { title, evidence, cause, cure } = finding;
  return { ...finding, ...secrets.hideIn({ title, evidence, cause, cure }) };
}

function secretsOf({ arm, path, backendPath, origin, headers }: ProbeSettings): Secrets {
  const secrets = new Secrets();
  for (const url of [arm.kind === "url" ? arm.url : null, path, backendPath, origin])
    secrets.addUrl(url ?? "");
  for (const [name, value] of Object.entries(headers)) secrets.addHeader(name, value);
  return secrets;
}

async function findAll(settings: ProbeSettings, secrets: Secrets): Promise<ProbeResult> {
  const { arm, serverName } = settings;
  if (settings.keepsUpstream && isConfigured(arm) && !isNginx(arm))
    throw new UsageError(`Cannot leave the upstream of ${armText(arm)} as configured yet: want nginx:FILE`);
  let path = settings.path ?? usualPath;
  try {
    settings.progress("starting the arm");
    const written =
      isNginx(arm) && arm.configFile !== null ? readConfigTree(arm.configFile, arm.confinedTo) : null;
    const tree = written === null ? null : maskTree(written, secrets.found);
    path =
      settings.path ??
      pathOf(arm, tree === null ? writtenPath(settings) : findWebSocketPath(tree, usualPath, serverName));
    const noTarget = tree === null ? null : checkTarget(tree);
    if (noTarget !== null)
      return { path, proxy: null, findings: complete(arm, [noTarget], nothingRuns), sent: nothingSent };
    return await probeArm(settings, { tree, path, secrets });
  } catch (thrown) {
    const { explainRefusal = null } = arm.kind === "proxy" ? drivers[arm.proxy] : {};
    const finding = explainThrown(thrown, explainRefusal);
    if (finding === null) throw thrown;
    return { path, proxy: null, findings: complete(arm, [finding], nothingRuns), sent: nothingSent };
  }
}

/** Where a config of the user's has its WebSocket, by the driver that reads it. */
function writtenPath({ arm, serverName }: ProbeSettings): string {
  if (!isConfigured(arm)) return usualPath;
  const question = { path: null, serverName, confinedTo: arm.confinedTo, program: null };
  return drivers[arm.proxy].configs?.read?.(arm.configFile, question).path ?? usualPath;
}

interface Subject {
  /** The config as it was written, without its secrets; null for the built-in one, and where there is none. */
  readonly tree: readonly Directive[] | null;
  readonly path: string;
  readonly secrets: Secrets;
}

async function probeArm(settings: ProbeSettings, { tree, path, secrets }: Subject): Promise<ProbeResult> {
  const { arm, set, signal, serverName, keepsUpstream } = settings;
  const asWritten: SessionSettings = {
    target: arm,
    set,
    path,
    signal,
    serverName,
    keepsAccess: true,
    keepsUpstream,
    upstreamTlsNames: tree !== null && speaksTlsUpstream(tree) ? upstreamTlsNames(tree) : null,
  };
  const sessions: ArmSession[] = [];
  const tally: ProbeTally = { connections: 0, messages: 0 };
  const open = async (sessionSettings: SessionSettings, refusal?: Observation): Promise<ProbeContext> => {
    const session = await startSession(sessionSettings);
    sessions.push(session);
    const { prepared } = session;
    // The built-in config is written for this run: what is to be read in it is its text.
    const text = isNginx(arm) ? prepared.configText : null;
    const read = tree ?? (text === null ? null : parseConfigTree(text));
    const view = read === null ? null : viewConfig(read, path, serverName);
    const autoWorkers = autoWorkersOf(prepared.build);
    // With passwords and address lists in it, whatever became of them since.
    const config = sessions[0]?.prepared.config ?? null;
    const facts = view === null ? (config?.facts ?? null) : nginxFacts(view, { path, autoWorkers });
    const parts = { settings, session, sessionSettings, path, secrets, tally, view, config, facts };
    return createContext(refusal === undefined ? parts : { ...parts, refused: refusal });
  };
  try {
    let context = await open(asWritten);
    // What stands behind a password is worth a look too, on a copy without it.
    if (isTurnedAway(context)) context = await open({ ...asWritten, keepsAccess: false }, context.opening);
    const own = arm.kind === "proxy" ? [ok("config-refused")] : [];
    const findings = [...own, ...(await runChecks(context, settings))];
    const unseen =
      context.config === null ? "this arm does not show it" : "not looked at with this proxy yet";
    const why = context.backend === null ? "only the client's end is seen" : unseen;
    const proxy = sessions[0]?.prepared ?? null;
    return { path, proxy, findings: complete(arm, findings, why), sent: { ...tally } };
  } finally {
    for (const session of sessions) await session.stop();
  }
}

const accessDirectives = ["auth_basic", "auth_jwt", "allow", "deny", "ssl_verify_client"];

/** Whether the request was refused for who sends it, by a directive that a copy can do without. */
function isTurnedAway({ opening, view, config }: ProbeContext): boolean {
  const { answer } = opening.client;
  if (opening.backend !== null || answer.kind !== "answered" || ![400, 401, 403].includes(answer.status))
    return false;
  if (config !== null) return config.access.length > 0;
  return accessDirectives.some((name) => view?.effective(name).some(({ args }) => args[0] !== "off"));
}

function pathOf(arm: ArmTarget, otherwise: string): string {
  if (arm.kind !== "url") return otherwise;
  const { pathname, search } = new URL(arm.url);
  return `${pathname}${search}`;
}

async function runChecks(context: ProbeContext, { progress, signal }: ProbeSettings): Promise<Finding[]> {
  const findings: Finding[] = [];
  const ends = context.arm.kind === "url" ? foreignChecks : asConfiguredChecks;
  const own = context.config === null ? checks : explainedChecks;
  for (const { doing, run } of context.backend === null ? ends : own) {
    signal.throwIfAborted();
    progress(doing);
    findings.push(...(await run(context)));
    // After a check that waited for nothing, as of a config or of what has come already, a signal would go unheard.
    await nextTurn();
  }
  signal.throwIfAborted();
  return findings;
}

const nothingRuns = "there is nothing to run with this config";

/** What no other proxy has. */
const ofNginx: readonly FindingId[] = ["limit-conn", "limit-req", "worker-connections", "buffering"];

/** Every id once, in the order of the list: what nothing was said about was not tested. */
function complete(arm: ArmTarget, findings: readonly Finding[], why: string): Finding[] {
  const isOther = arm.kind === "proxy" && !isNginx(arm);
  const ids = findingIds.filter(
    (id) => !isOther || !ofNginx.includes(id) || findings.some((one) => one.id === id),
  );
  return ids.flatMap((id) => {
    const found = findings.filter((finding) => finding.id === id);
    if (found.length > 0) return found;
    return [notTested(id, why)];
  });
}
