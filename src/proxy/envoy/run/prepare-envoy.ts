/**
 * An Envoy arm, made ready: program found, config built or adopted, private folder filled, config found good by Envoy itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest, Settings } from "../../driver.js";
import { backendAddresses, configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { replaceableOf } from "../../instance/replaceable-instance.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate, type RunCertificate } from "../../run-certificate.js";
import { adoptConfig } from "../adopt/adopt-config.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { varyConfig } from "../adopt/vary-config.js";
import type { ConfigView } from "../explain/config-view.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { viewConfig, writtenConfig } from "../explain/written-config.js";
import { findSecrets, maskConfigText } from "../language/mask-config.js";
import { printConfig } from "../language/print-config.js";
import { checkConfig } from "./check-config.js";
import type { EnvoyInstance } from "./envoy-instance.js";
import { envoyProgram } from "./envoy-program.js";
import { parseEnvoySettings } from "./settings.js";
import { envoyStart } from "./start-envoy.js";
import { builtInConfig, certificateFile, keyFile } from "./template.js";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Envoy, or it refuses the config
 */
export async function prepareEnvoy(request: PrepareRequest): Promise<PreparedProxy> {
  const { source, backend, guard, folder, signal } = request;
  const set = source.kind === "built-in" ? source.set : {};
  // Before the program is looked for: a wrong name is the user's to know of first.
  parseEnvoySettings(set);
  const program = await findProgram(envoyProgram, request.image);
  const runnable =
    source.kind === "built-in" ? await builtIn(set, request) : await adoptConfig(source.file, request);
  const { tree, listenCount, concurrency, isConfined, name: configName, variables, originals } = runnable;
  const prefix = await mkdtemp(join(folder, "envoy-"));
  const { versionArguments } = envoyProgram;
  const launch = await planLaunch({
    ...{ program: program.path, container: program.container },
    versionArguments,
    prefix,
    isConfined,
  });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const secrets = new Secrets();
  findSecrets(tree, secrets.found);
  const instance: EnvoyInstance = {
    ...{ program, launch, prefix, tree, listenCount, concurrency, handOver: runnable.handOver },
    isWatched: request.access === "kept",
    ...{ backend, guard, secrets, configName, variables, originals },
  };
  const text = await checkConfig(instance, signal);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  const { tls, caPem } = runnable;
  const view = viewOf(runnable, request);
  const { start, replacement } = envoyStart(instance);
  return {
    ...foretold(runnable, request, view),
    kind: "envoy",
    version: program.version,
    build: program.build,
    configText: maskConfigText(text),
    configSha256: configDigest(printConfig(tree)),
    changes: runnable.changes.map((change) => secrets.hide(change)),
    webSocket: runnable.webSocket,
    upstreams: runnable.upstreams,
    config: writtenConfig(view),
    ...renewalOf(runnable.renewedFiles, instance),
    ...startsOf(instance, start, { tls, caPem }),
    ...replaceableOf(instance, start, { tls, caPem }, replacement),
  };
}

/** @throws ConfigRefusedError, UsageError */
export async function foretellEnvoy(request: ConfigRequest): Promise<ForetoldProxy> {
  const { source } = request;
  const runnable =
    source.kind === "built-in" ? await builtIn(source.set, request) : await adoptConfig(source.file, request);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return foretold(runnable, request, viewOf(runnable, request));
}

function viewOf(
  { tree, webSocket, name, concurrency }: RunnableConfig,
  { path, serverName }: ConfigRequest,
): ConfigView {
  return viewConfig(tree, {
    path: path ?? webSocket?.path ?? null,
    serverName: serverName ?? webSocket?.serverName ?? null,
    file: name,
    workers: concurrency ?? 1,
  });
}

function foretold(
  { tls }: RunnableConfig,
  { source, backend }: ConfigRequest,
  view: ConfigView,
): ForetoldProxy {
  const isBuiltIn = source.kind === "built-in";
  const isSet = (name: string): boolean => isBuiltIn && source.set[name] !== undefined;
  const terms = {
    // A user's own endpoint is one address of wsrally's backend here.
    backendAddresses: isBuiltIn ? backendAddresses(backend).length : 1,
    isSized: isBuiltIn && !["max_connections", "max_requests"].some(isSet),
  };
  return { tls, facts: factsOf(view), limits: (machine) => foretellLimits(view, machine, terms) };
}

async function builtIn(
  set: Settings,
  { connections, backend, variant, http }: ConfigRequest,
): Promise<RunnableConfig> {
  const settings = parseEnvoySettings(set);
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const ports = backendAddresses(backend).length;
  const tree = builtInConfig(settings, connections, ports, http);
  return {
    tree: variant === null ? tree : varyConfig(tree, variant),
    name: "the built-in config",
    listenCount: 1,
    concurrency: settings.concurrency,
    handOver: settings.handOver,
    tls: settings.tls,
    caPem: certificate?.caPem ?? null,
    files: certificate === null ? new Map() : certificateFiles(certificate),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    originals: new Map(),
    variables: new Map(),
    isConfined: false,
    webSocket: null,
    upstreams: [],
    obstacle: null,
    changes: [],
  };
}

function certificateFiles({
  certificatePem,
  keyPem,
}: Pick<RunCertificate, "certificatePem" | "keyPem">): ReadonlyMap<string, string> {
  return new Map([
    [certificateFile, certificatePem],
    [keyFile, keyPem],
  ]);
}
