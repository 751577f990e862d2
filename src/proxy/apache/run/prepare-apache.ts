/**
 * An Apache arm, made ready: program found, config built or adopted, private folder filled, config found good by Apache
 * itself.
 */
import { chown, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError } from "../../../base/errors.js";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest, Settings } from "../../driver.js";
import { backendAddresses, configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import { compareVersions, type ProxyProgram } from "../../program/program-spec.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { adoptConfig } from "../adopt/adopt-config.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { varyConfig } from "../adopt/vary-config.js";
import { type ConfigView, viewConfig } from "../explain/config-view.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { writtenConfig } from "../explain/written-config.js";
import type { ConfigTree } from "../language/config-tree.js";
import { maskConfigText } from "../language/mask-config.js";
import { printConfig } from "../language/print-config.js";
import { type ApacheInstance, findModules } from "./apache-instance.js";
import { apacheProgram } from "./apache-program.js";
import { builtInName, builtInTree } from "./built-in-tree.js";
import { checkConfig } from "./check-config.js";
import { parseApacheSettings } from "./settings.js";
import { apacheStart } from "./start-apache.js";
import { certificateFiles, sizeFor } from "./template.js";

/** The first whose ProxyPass heeds `upgrade=`; an older one takes the word and does nothing for it. */
const oldest = "2.4.47";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Apache, or it refuses the config
 */
export async function prepareApache(request: PrepareRequest): Promise<PreparedProxy> {
  const { source, backend, guard, folder, signal } = request;
  // Before the program is looked for: a wrong name is the user's to know of first.
  if (source.kind === "built-in") parseApacheSettings(source.set);
  const program = await findProgram(apacheProgram);
  if (source.kind === "built-in" && compareVersions(program.version, oldest) < 0)
    throw new EnvironmentError(
      `Cannot run Apache ${program.version} (${program.path}): \`upgrade=websocket\` needs ${oldest} or newer`,
    );
  const runnable = await runnableOf(request, program);
  const { config, isConfined, listenCount, name: configName, originals } = runnable;
  const prefix = await mkdtemp(join(folder, "apache-"));
  const { versionArguments } = apacheProgram;
  const launch = await planLaunch({ program: program.path, versionArguments, prefix, isConfined });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  for (const name of runnable.folders) {
    await mkdir(join(prefix, name));
    if (launch.user !== null) await chown(join(prefix, name), launch.user.uid, launch.user.gid);
  }
  const modules = findModules(program.path, prefix);
  const secrets = new Secrets();
  maskConfigText(config.text, secrets.found);
  const instance: ApacheInstance = {
    ...{
      program,
      launch,
      prefix,
      config,
      modules,
      backend,
      guard,
      listenCount,
      configName,
      secrets,
      originals,
    },
    isBuiltIn: source.kind === "built-in",
  };
  const text = await checkConfig(instance, signal);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  const { tls, caPem } = runnable;
  const view = viewOf(runnable, request, program);
  return {
    ...foretold(runnable, request, view),
    kind: "apache",
    version: program.version,
    build: program.build,
    configText: maskConfigText(text),
    configSha256: configDigest(config.text),
    changes: runnable.changes.map((change) => secrets.hide(change)),
    webSocket: runnable.webSocket,
    upstreams: runnable.upstreams,
    config: writtenConfig(view),
    ...renewalOf(runnable.renewedFiles, instance),
    ...startsOf(instance, apacheStart(instance), { tls, caPem }),
  };
}

/**
 * By the program that there is; where there is none, as the last that is known would read it.
 * @throws ConfigRefusedError, UsageError
 */
export async function foretellApache(request: ConfigRequest): Promise<ForetoldProxy> {
  const program =
    request.source.kind === "built-in"
      ? null
      : await findProgram(apacheProgram).catch((thrown: unknown) => {
          if (thrown instanceof EnvironmentError) return null;
          throw thrown;
        });
  const runnable = await runnableOf(request, program);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return foretold(runnable, request, viewOf(runnable, request, program));
}

interface Source extends RunnableConfig {
  /** As it is written, with all that it includes. */
  readonly written: ConfigTree;
  readonly isPart: boolean;
}

function runnableOf(request: ConfigRequest, program: ProxyProgram | null): Promise<Source> {
  const { source } = request;
  if (source.kind === "built-in") return builtIn(source.set, request);
  const modulesFolder = program === null ? null : findModules(program.path, null);
  return adoptConfig(source.file, { ...request, version: program?.version ?? null, modulesFolder });
}

function viewOf(
  { written, isPart, webSocket, name }: Source,
  { path, serverName, variant }: ConfigRequest,
  program: Pick<ProxyProgram, "version"> | null,
): ConfigView {
  return viewConfig(variant === null ? written : varyConfig(written, variant), {
    path: path ?? webSocket?.path ?? null,
    serverName: serverName ?? webSocket?.serverName ?? null,
    version: program?.version ?? null,
    isPart,
    file: name,
  });
}

function foretold(
  { tls, isPart }: Source,
  { source, backend, connections }: ConfigRequest,
  view: ConfigView,
): ForetoldProxy {
  const isBuiltIn = source.kind === "built-in";
  const facts = factsOf(view);
  const settings = isBuiltIn ? parseApacheSettings(source.set) : null;
  const isSized =
    settings === null ? isPart && facts.room === null : !settings.at("mpm").has("MaxRequestWorkers");
  const terms = {
    // A user's own member is one address of wsrally's backend here.
    backendAddresses: isBuiltIn ? backendAddresses(backend).length : 1,
    sizedTo: isSized ? sizeFor(connections, settings ?? parseApacheSettings({})) : null,
  };
  return { tls, facts, limits: (machine) => foretellLimits(view, machine, terms) };
}

async function builtIn(
  set: Settings,
  { connections, backend, variant, http }: ConfigRequest,
): Promise<Source> {
  const settings = parseApacheSettings(set);
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const ports = backendAddresses(backend).length;
  const tree = builtInTree(settings, connections, ports, http);
  return {
    config: printConfig(variant === null ? tree : varyConfig(tree, variant)),
    written: tree,
    isPart: false,
    name: builtInName,
    listenCount: 1,
    tls: settings.tls,
    caPem: certificate?.caPem ?? null,
    files: certificate === null ? new Map() : certificateFiles(certificate),
    folders: [],
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    originals: new Map(),
    isConfined: false,
    webSocket: null,
    upstreams: [],
    obstacle: null,
    changes: [],
  };
}
