/**
 * A Traefik arm, made ready: program found, config built, private folder filled, config found good by Traefik itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../../base/errors.js";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest } from "../../driver.js";
import { goLimits } from "../../go-limits.js";
import { configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { factsOf } from "../explain/facts.js";
import { checkConfig } from "./check-config.js";
import { parseTraefikSettings, type TraefikSettings } from "./settings.js";
import { traefikStart } from "./start-traefik.js";
import { builtInConfig, certificateFiles, filesPerConnection, ownFiles } from "./template.js";
import type { TraefikInstance } from "./traefik-instance.js";
import { traefikProgram } from "./traefik-program.js";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Traefik, or it refuses the config
 */
export async function prepareTraefik(request: PrepareRequest): Promise<PreparedProxy> {
  const { backend, guard, folder, signal } = request;
  // Before the program is looked for: a wrong name is the user's to know of first.
  const settings = settingsOf(request);
  const program = await findProgram(traefikProgram);
  const prefix = await mkdtemp(join(folder, "traefik-"));
  const { versionArguments } = traefikProgram;
  const launch = await planLaunch({ program: program.path, versionArguments, prefix, isConfined: false });
  const { tls } = settings;
  const certificate = tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const files = certificate === null ? [] : certificateFiles(certificate);
  for (const [name, content] of files) await writePrivate({ prefix, launch }, name, content);
  const renewed = certificate === null ? null : async () => certificateFiles(await certificate.renew());
  const config = builtInConfig(settings, backendPorts(request));
  const instance: TraefikInstance = {
    ...{ program, launch, prefix, config, tls, backend, guard },
    variables: environmentOf(settings),
    listenCount: 1,
    configName: "the built-in config",
    secrets: new Secrets(),
  };
  return {
    ...foretold(settings, request),
    kind: "traefik",
    version: program.version,
    build: program.build,
    configText: await checkConfig(instance, signal),
    configSha256: configDigest(`${config.static}\n${config.routes}`),
    changes: [],
    webSocket: null,
    upstreams: [],
    config: null,
    ...renewalOf(renewed, instance),
    ...startsOf(instance, traefikStart(instance), { tls, caPem: certificate?.caPem ?? null }),
  };
}

/** @throws UsageError */
export async function foretellTraefik(request: ConfigRequest): Promise<ForetoldProxy> {
  return foretold(settingsOf(request), request);
}

function foretold(settings: TraefikSettings, request: ConfigRequest): ForetoldProxy {
  const files = { filesPerConnection, ownFiles };
  return {
    tls: settings.tls,
    facts: factsOf(settings.workers),
    limits: (machine) => goLimits(machine, files, backendPorts(request)),
  };
}

/** One processor, as one worker of nginx and one thread of HAProxy have, whatever the machine has. */
function environmentOf(settings: TraefikSettings): ReadonlyMap<string, string> {
  const set = settings.at("environment").map(({ path, value }) => [path.join(), String(value)] as const);
  return new Map([["GOMAXPROCS", "1"], ...set]);
}

function backendPorts({ backend }: ConfigRequest): number {
  return 1 + (backend.morePorts ?? []).length;
}

function settingsOf({ source }: ConfigRequest): TraefikSettings {
  if (source.kind === "file")
    throw new UsageError(
      `Cannot run ${source.file}: wsrally does not adopt Traefik's configs yet; want traefik alone, with --set`,
    );
  return parseTraefikSettings(source.set);
}
