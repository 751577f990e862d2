/**
 * One probe from start to end: the arm between a client and a backend of ours, every check, the findings in order.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Secrets } from "../base/secrets.js";
import { type Finding, ok } from "../diagnosis/finding.js";
import type { WrittenConfig } from "../diagnosis/written-config.js";
import type { ConfigQuestion } from "../proxy/driver.js";
import { drivers } from "../proxy/drivers.js";
import type { PreparedProxy } from "../proxy/proxy.js";
import { isConfigured } from "../scenario/arm.js";
import { behindText } from "../scenario/behind.js";
import type { TokenPlace } from "../websocket/run-token.js";
import { type ArmSession, type SessionSettings, startSession } from "./arm-session.js";
import { asConfiguredChecks, behindChecks, checks, foreignChecks } from "./checks/check-list.js";
import { checkRefusal } from "./checks/check-refusal.js";
import { completeFindings } from "./complete-findings.js";
import { createContext } from "./create-context.js";
import type { Check, Observation, ProbeContext } from "./probe-context.js";
import type { ProbeSettings } from "./probe-settings.js";
import type { ProbeTally } from "./probe-tally.js";

export interface ProbeResult {
  readonly path: string;
  /** Null when the config was refused. */
  readonly proxy: PreparedProxy | null;
  readonly findings: readonly Finding[];
  /** Null for an arm that wsrally runs, and for somebody else's backend. */
  readonly behind: { readonly addresses: readonly string[]; readonly tokenIn: TokenPlace | null } | null;
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

function secretsOf({ arm, path, backendPath, origin, headers, behind }: ProbeSettings): Secrets {
  const secrets = new Secrets();
  for (const url of [arm.kind === "url" ? arm.url : null, path, backendPath, origin])
    secrets.addUrl(url ?? "");
  for (const [name, value] of Object.entries(headers)) secrets.addHeader(name, value);
  if (behind !== null) secrets.addHeader("", behind.token);
  return secrets;
}

async function findAll(settings: ProbeSettings, secrets: Secrets): Promise<ProbeResult> {
  const { arm } = settings;
  let path = settings.path ?? usualPath;
  try {
    settings.progress("starting the arm");
    const written = readWritten(settings, { path: settings.path, program: null, secrets });
    path = settings.path ?? (arm.kind === "url" ? pathOf(arm.url) : (written?.path ?? usualPath));
    const deadEnd = written?.deadEnd() ?? null;
    if (deadEnd !== null)
      return {
        path,
        proxy: null,
        findings: completeFindings([deadEnd], nothingRuns),
        behind: null,
        sent: nothingSent,
      };
    return await probeArm(settings, { written, path, secrets });
  } catch (thrown) {
    const finding = arm.kind === "proxy" ? checkRefusal(thrown, drivers[arm.proxy]) : null;
    if (finding === null) throw thrown;
    return {
      path,
      proxy: null,
      findings: completeFindings([finding], nothingRuns),
      behind: null,
      sent: nothingSent,
    };
  }
}

interface Reading extends Pick<ConfigQuestion, "path" | "program"> {
  readonly secrets: Secrets;
}

/** A config of the user's as it stands in its file, without its secrets; null for an arm that has none. */
function readWritten(
  { arm, serverName }: ProbeSettings,
  { path, program, secrets }: Reading,
): WrittenConfig | null {
  if (!isConfigured(arm)) return null;
  const question = { path, serverName, confinedTo: arm.confinedTo, program, found: secrets.found };
  return drivers[arm.proxy].configs?.read(arm.configFile, question) ?? null;
}

interface Subject {
  /** Read before it was known what will run it. */
  readonly written: WrittenConfig | null;
  readonly path: string;
  readonly secrets: Secrets;
}

async function probeArm(settings: ProbeSettings, { written, path, secrets }: Subject): Promise<ProbeResult> {
  const { arm, set, signal, serverName, keepsUpstream } = settings;
  const asWritten: SessionSettings = {
    target: arm,
    set,
    path,
    signal,
    serverName,
    keepsAccess: true,
    keepsUpstream,
    behind: settings.behind,
    upstreamTlsNames: written?.upstreamTls?.names ?? null,
  };
  const sessions: ArmSession[] = [];
  const tally: ProbeTally = { connections: 0, messages: 0 };
  const open = async (sessionSettings: SessionSettings, refusal?: Observation): Promise<ProbeContext> => {
    const session = await startSession(sessionSettings);
    sessions.push(session);
    const { prepared } = session;
    const { version, build } = prepared;
    const program = version === null || build === null ? null : { version, build };
    // The built-in config is written for this run: what is to be read in it is its text.
    const config = readWritten(settings, { path, program, secrets }) ?? prepared.config;
    const facts = config?.facts ?? prepared.facts;
    const parts = { settings, session, sessionSettings, path, secrets, tally, config, facts };
    return createContext(refusal === undefined ? parts : { ...parts, refused: refusal });
  };
  try {
    let context = await open(asWritten);
    // What stands behind a password is worth a look too, on a copy without it.
    if (isTurnedAway(context)) context = await open({ ...asWritten, keepsAccess: false }, context.opening);
    const own = arm.kind === "proxy" ? [ok("config-refused"), ok("server")] : [];
    const findings = [...own, ...(await runChecks(context, settings))];
    const why = context.backend === null ? "only the client's end is seen" : "this arm does not show it";
    const proxy = sessions[0]?.prepared ?? null;
    const behind =
      settings.behind === null
        ? null
        : { addresses: settings.behind.addresses.map(behindText), tokenIn: context.behind?.tokenIn ?? null };
    return { path, proxy, findings: completeFindings(findings, why), behind, sent: { ...tally } };
  } finally {
    for (const session of sessions) await session.stop();
  }
}

/** Whether the request may have been refused for who sends it, by a rule that a copy can do without. */
function isTurnedAway({ opening, config }: ProbeContext): boolean {
  const { answer } = opening.client;
  const isRefused =
    answer.kind === "answered"
      ? answer.status >= 400 && answer.status < 500
      : ["eof", "reset", "timeout"].includes(answer.kind);
  const isRuled = config?.access.some(({ isAsked }) => !isAsked) ?? false;
  return opening.backend === null && isRefused && isRuled;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

async function runChecks(context: ProbeContext, { progress, signal }: ProbeSettings): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checksOf(context)) {
    signal.throwIfAborted();
    if (check.isLeftOut?.(context) !== true) progress(check.doing);
    findings.push(...(await check.run(context)));
    // After a check that waited for nothing, as of a config or of what has come already, a signal would go unheard.
    await nextTurn();
  }
  signal.throwIfAborted();
  return findings;
}

function checksOf({ arm, backend, behind }: ProbeContext): readonly Check[] {
  if (behind !== null) return behindChecks;
  if (backend !== null) return checks;
  return arm.kind === "url" ? foreignChecks : asConfiguredChecks;
}

const nothingRuns = "there is nothing to run with this config";
