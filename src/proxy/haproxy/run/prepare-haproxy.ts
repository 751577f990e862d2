/**
 * An HAProxy arm, made ready: program found, config built or adopted, private folder filled, config found good by
 * HAProxy itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError, UsageError } from "../../../base/errors.js";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest, Settings } from "../../driver.js";
import { backendAddresses, configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { replaceableOf } from "../../instance/replaceable-instance.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import type { ProxyProgram } from "../../program/program-spec.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { certificateFiles } from "../adopt/adopt-binds.js";
import { adoptConfig } from "../adopt/adopt-config.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { varyConfig } from "../adopt/vary-config.js";
import type { ConfigView } from "../explain/config-view.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { viewConfig, writtenConfig } from "../explain/written-config.js";
import { maskConfigText } from "../language/mask-config.js";
import { printConfig } from "../language/print-config.js";
import { checkConfig } from "./check-config.js";
import type { HaproxyInstance } from "./haproxy-instance.js";
import { haproxyProgram } from "./haproxy-program.js";
import { parseHaproxySettings } from "./settings.js";
import { haproxyStart } from "./start-haproxy.js";
import { builtInConfig } from "./template.js";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no HAProxy, or it refuses the config
 */
export async function prepareHaproxy(request: PrepareRequest): Promise<PreparedProxy> {
  const { source, backend, guard, folder, signal } = request;
  // Before the program is looked for: a wrong name is the user's to know of first.
  if (source.kind === "built-in") parseHaproxySettings(source.set);
  const program = await findProgram(haproxyProgram, request.image);
  const runnable =
    source.kind === "built-in"
      ? await builtIn(source.set, request)
      : await adoptConfig(source.file, { ...request, program });
  const { tree, isConfined, listenCount, name: configName, variables, originals } = runnable;
  const prefix = await mkdtemp(join(folder, "haproxy-"));
  const launch = await planLaunch({
    ...{ program: program.path, container: program.container },
    versionArguments: ["-v"],
    prefix,
    isConfined,
  });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const config = printConfig(tree, { keepsSource: !isConfined });
  const secrets = new Secrets();
  maskConfigText(config.text, secrets.found);
  const instance: HaproxyInstance = {
    ...{ program, launch, prefix, tree, config, listenCount },
    ...{ backend, guard, secrets, configName, variables, originals },
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

function prepared(instance: HaproxyInstance, { runnable, request, text }: Checked): PreparedProxy {
  const { program, secrets } = instance;
  const { tls, caPem } = runnable;
  const view = viewOf(runnable, request, program);
  const start = haproxyStart(instance);
  return {
    ...foretold(runnable, request, view),
    kind: "haproxy",
    version: program.version,
    build: program.build,
    configText: maskConfigText(text),
    configSha256: configDigest(instance.config.text),
    changes: runnable.changes.map((change) => secrets.hide(change)),
    webSocket: runnable.webSocket,
    upstreams: runnable.upstreams,
    config: writtenConfig(view),
    ...renewalOf(runnable.renewedFiles, instance),
    ...startsOf(instance, start, { tls, caPem }),
    // Its master starts itself again by its own name at every reload.
    ...replaceableOf(
      instance,
      start,
      { tls, caPem },
      { keeper: null, isReload: false, start: {}, replace: start.reload },
    ),
  };
}

/**
 * By the program that there is; where there is none, as the last that is known would read it.
 * @throws ConfigRefusedError, UsageError
 */
export async function foretellHaproxy(request: ConfigRequest): Promise<ForetoldProxy> {
  const { source } = request;
  if (source.kind === "built-in") {
    const runnable = await builtIn(source.set, request);
    return foretold(runnable, request, viewOf(runnable, request, null));
  }
  const program =
    request.image !== undefined
      ? null
      : await findProgram(haproxyProgram).catch((thrown: unknown) => {
          if (thrown instanceof EnvironmentError) return null;
          throw thrown;
        });
  const runnable = await adoptConfig(source.file, { ...request, program });
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return foretold(runnable, request, viewOf(runnable, request, program));
}

function viewOf(
  { tree, webSocket, readLines, name }: RunnableConfig,
  { path, serverName }: ConfigRequest,
  program: Pick<ProxyProgram, "version" | "build"> | null,
): ConfigView {
  return viewConfig(tree, {
    path: path ?? webSocket?.path ?? null,
    serverName: serverName ?? webSocket?.serverName ?? null,
    program,
    readLines,
    file: name,
  });
}

function foretold(
  { tls }: RunnableConfig,
  { source, backend }: ConfigRequest,
  view: ConfigView,
): ForetoldProxy {
  const isBuiltIn = source.kind === "built-in";
  const terms = {
    // A user's own server is one address of wsrally's backend here.
    backendAddresses: isBuiltIn ? backendAddresses(backend).length : 1,
    isSized: isBuiltIn && source.set.maxconn === undefined,
  };
  return { tls, facts: factsOf(view), limits: (machine) => foretellLimits(view, machine, terms) };
}

async function builtIn(
  set: Settings,
  { connections, backend, isPlaced, variant, http }: ConfigRequest,
): Promise<RunnableConfig> {
  const settings = parseHaproxySettings(set);
  if (isPlaced && set["cpu-map"] !== undefined) {
    throw new UsageError(
      "Cannot set cpu-map: the run chooses the proxy's processors itself; want `cpus: none` in a scenario",
    );
  }
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const ports = backendAddresses(backend).length;
  const tree = builtInConfig(settings, connections, ports, http);
  return {
    tree: variant === null ? tree : varyConfig(tree, variant),
    name: "the built-in config",
    listenCount: 1,
    tls: settings.tls,
    caPem: certificate?.caPem ?? null,
    files: certificate === null ? new Map() : certificateFiles(certificate),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
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
