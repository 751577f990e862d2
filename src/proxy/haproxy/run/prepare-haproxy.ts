/**
 * An HAProxy arm, made ready: program found, config built or adopted, private folder filled, config found good by
 * HAProxy itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedWithConfig, PrepareRequest, Settings } from "../../driver.js";
import { findFreePorts } from "../../free-port.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { findProgram } from "../../program/find-program.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { adoptConfig } from "../adopt/adopt-config.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { viewConfig, writtenConfig } from "../explain/written-config.js";
import { printConfig } from "../language/print-config.js";
import { checkConfig } from "./check-config.js";
import { configDigest } from "./config-marks.js";
import type { HaproxyInstance } from "./haproxy-instance.js";
import { haproxyProgram } from "./haproxy-program.js";
import { parseHaproxySettings } from "./settings.js";
import { startHaproxy } from "./start-haproxy.js";
import { builtInConfig } from "./template.js";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no HAProxy, or it refuses the config
 */
export async function prepareHaproxy(request: PrepareRequest): Promise<PreparedWithConfig> {
  const { source, backend, guard, folder, signal } = request;
  // Before the program is looked for: a wrong name is the user's to know of first.
  if (source.kind === "built-in") parseHaproxySettings(source.set);
  const program = await findProgram(haproxyProgram);
  const runnable =
    source.kind === "built-in"
      ? await builtIn(source.set, request)
      : await adoptConfig(source.file, { ...request, program });
  const { tree, isConfined, listenCount, name: configName, variables, originals } = runnable;
  const prefix = await mkdtemp(join(folder, "haproxy-"));
  const launch = await planLaunch({ program: program.path, versionArguments: ["-v"], prefix, isConfined });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const config = printConfig(tree, { keepsSource: !isConfined });
  const instance: HaproxyInstance = {
    ...{ program, launch, prefix, tree, config, listenCount },
    ...{ backend, guard, configName, variables, originals },
  };
  const text = await checkConfig(instance, signal);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return prepared(instance, { runnable, request, text });
}

interface Checked {
  readonly runnable: RunnableConfig;
  readonly request: PrepareRequest;
  /** As HAProxy found it good, addresses filled in. */
  readonly text: string;
}

function prepared(instance: HaproxyInstance, { runnable, request, text }: Checked): PreparedWithConfig {
  const { program } = instance;
  const { tls, caPem, webSocket, tree } = runnable;
  const { source, backend } = request;
  const view = viewConfig(tree, {
    path: request.path ?? webSocket?.path ?? null,
    serverName: request.serverName ?? webSocket?.serverName ?? null,
    program,
    readLines: runnable.readLines,
    file: runnable.name,
  });
  const isBuiltIn = source.kind === "built-in";
  const terms = {
    // A user's own server is one address of wsrally's backend here.
    backendAddresses: isBuiltIn ? 1 + (backend.morePorts ?? []).length : 1,
    isSized: isBuiltIn && source.set.maxconn === undefined,
  };
  return {
    kind: "haproxy",
    version: program.version,
    build: program.build,
    configText: text,
    configSha256: configDigest(instance.config.text),
    changes: runnable.changes,
    webSocket,
    upstreams: runnable.upstreams,
    tls,
    config: writtenConfig(view),
    facts: factsOf(view),
    limits: (machine) => foretellLimits(view, machine, terms),
    start: (startSignal) => startHaproxy(instance, { tls, caPem }, startSignal),
    startAt: (startSignal, port) => {
      const choosePorts = async (count: number) => [port, ...(await findFreePorts(count - 1))];
      return startHaproxy(instance, { tls, caPem, choosePorts }, startSignal);
    },
  };
}

async function builtIn(set: Settings, { connections, backend }: PrepareRequest): Promise<RunnableConfig> {
  const settings = parseHaproxySettings(set);
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const ports = 1 + (backend.morePorts ?? []).length;
  return {
    tree: builtInConfig(settings, connections, ports),
    name: "the built-in config",
    listenCount: 1,
    tls: settings.tls,
    caPem: certificate?.caPem ?? null,
    files: new Map(
      certificate ? [["run.pem", `${certificate.certificatePem}\n${certificate.keyPem}\n`]] : [],
    ),
    originals: new Map(),
    readLines: () => null,
    variables: new Map(),
    isConfined: false,
    webSocket: null,
    upstreams: [],
    obstacle: null,
    changes: [],
  };
}
