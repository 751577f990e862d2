/**
 * A Traefik arm, made ready: program found, config built or adopted, private folder filled, config found good by Traefik itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest, Settings } from "../../driver.js";
import { backendAddresses, configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { adoptConfig } from "../adopt/adopt-config.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { type ConfigView, viewConfig } from "../explain/config-view.js";
import { builtInFacts, factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { writtenConfig } from "../explain/written-config.js";
import { findSecrets, maskConfigText } from "../language/mask-config.js";
import { readConfig } from "../language/read-config.js";
import { checkConfig } from "./check-config.js";
import { parseTraefikSettings } from "./settings.js";
import { traefikStart } from "./start-traefik.js";
import { builtInConfig, certificateFiles } from "./template.js";
import type { TraefikInstance } from "./traefik-instance.js";
import { traefikProgram } from "./traefik-program.js";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Traefik, or it refuses the config
 */
export async function prepareTraefik(request: PrepareRequest): Promise<PreparedProxy> {
  const { backend, guard, folder, signal, source } = request;
  // Before the program is looked for: a wrong name, or a file that cannot be read, is the user's to know of first.
  const view = viewOf(request);
  if (source.kind === "built-in") parseTraefikSettings(source.set);
  const program = await findProgram(traefikProgram, request.image);
  const runnable =
    source.kind === "built-in" ? await builtIn(source.set, request) : await adoptConfig(source.file, request);
  const { config, tls, caPem, listenCount, ready, written, routers, originals, variables, isConfined } =
    runnable;
  const prefix = await mkdtemp(join(folder, "traefik-"));
  const { versionArguments } = traefikProgram;
  const launch = await planLaunch({
    ...{ program: program.path, container: program.container },
    versionArguments,
    prefix,
    isConfined,
  });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const secrets = new Secrets();
  if (view !== null) findSecrets(view.read, secrets.found);
  const instance: TraefikInstance = {
    ...{ program, launch, prefix, config, backend, guard, secrets, listenCount, ready, written, routers },
    ...{ originals, variables, configName: runnable.name },
  };
  const text = await checkConfig(instance, signal);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return {
    ...foretold(request, view),
    kind: "traefik",
    version: program.version,
    build: program.build,
    configText: view === null ? text : secrets.hide(maskConfigText(text)),
    configSha256: configDigest(`${config.static}\n${config.routes}`),
    changes: runnable.changes.map((change) => secrets.hide(change)),
    webSocket: runnable.webSocket,
    upstreams: runnable.upstreams,
    config: view === null ? null : writtenConfig(view),
    ...renewalOf(runnable.renewedFiles, instance),
    ...startsOf(instance, traefikStart(instance), { tls, caPem }),
  };
}

/** @throws ConfigRefusedError, UsageError */
export async function foretellTraefik(request: ConfigRequest): Promise<ForetoldProxy> {
  return foretold(request, viewOf(request));
}

/** Of a user's own config, as it is written. */
function viewOf({ source, confinedTo, path, serverName }: ConfigRequest): ConfigView | null {
  if (source.kind === "built-in") return null;
  return viewConfig(readConfig(source.file, { confinedTo }), { path, serverName });
}

function foretold({ source, backend }: ConfigRequest, view: ConfigView | null): ForetoldProxy {
  if (view !== null) {
    // A user's own server is one address of wsrally's backend here.
    return {
      tls: view.route?.tls ?? false,
      facts: factsOf(view),
      limits: (machine) => foretellLimits(view, machine, 1),
    };
  }
  const settings = parseTraefikSettings(source.kind === "built-in" ? source.set : {});
  const ports = backendPorts(backend);
  return {
    tls: settings.tls,
    facts: builtInFacts(settings.workers),
    limits: (machine) => foretellLimits(null, machine, ports),
  };
}

function backendPorts(backend: ConfigRequest["backend"]): number {
  return backendAddresses(backend).length;
}

async function builtIn(set: Settings, { backend }: ConfigRequest): Promise<RunnableConfig> {
  const settings = parseTraefikSettings(set);
  const { tls, workers } = settings;
  const certificate = tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const environment = settings
    .at("environment")
    .map(({ path, value }) => [path.join(), String(value)] as const);
  return {
    config: builtInConfig(settings, backendPorts(backend)),
    name: "the built-in config",
    written: null,
    routers: null,
    listenCount: 1,
    ready: { listen: 0, tls },
    ...{ tls, workers, caPem: certificate?.caPem ?? null },
    files: certificate === null ? new Map() : certificateFiles(certificate),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    originals: new Map(),
    // One processor, as one worker of nginx and one thread of HAProxy have, whatever the machine has.
    variables: new Map([["GOMAXPROCS", "1"], ...environment]),
    isConfined: false,
    webSocket: null,
    upstreams: [],
    obstacle: null,
    changes: [],
  };
}
