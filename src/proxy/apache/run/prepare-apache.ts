/**
 * A Apache arm, made ready: program found, config built, private folder filled, config found good by Apache itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError, UsageError } from "../../../base/errors.js";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest } from "../../driver.js";
import { configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import { compareVersions } from "../../program/program-spec.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { type ApacheInstance, findModules } from "./apache-instance.js";
import { apacheProgram } from "./apache-program.js";
import { checkConfig } from "./check-config.js";
import { type ApacheSettings, parseApacheSettings } from "./settings.js";
import { apacheStart } from "./start-apache.js";
import { builtInConfig, certificateFiles } from "./template.js";

/** The first whose ProxyPass heeds `upgrade=`; an older one takes the word and does nothing for it. */
const oldest = "2.4.47";

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Apache, or it refuses the config
 */
export async function prepareApache(request: PrepareRequest): Promise<PreparedProxy> {
  const { backend, guard, folder, signal } = request;
  // Before the program is looked for: a wrong name is the user's to know of first.
  const settings = settingsOf(request);
  const program = await findProgram(apacheProgram);
  if (compareVersions(program.version, oldest) < 0)
    throw new EnvironmentError(
      `Cannot run Apache ${program.version} (${program.path}): \`upgrade=websocket\` needs ${oldest} or newer`,
    );
  const prefix = await mkdtemp(join(folder, "apache-"));
  const { versionArguments } = apacheProgram;
  const launch = await planLaunch({ program: program.path, versionArguments, prefix, isConfined: false });
  const { tls } = settings;
  const certificate = tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const files = certificate === null ? [] : certificateFiles(certificate);
  for (const [name, content] of files) await writePrivate({ prefix, launch }, name, content);
  const renewed = certificate === null ? null : async () => certificateFiles(await certificate.renew());
  const text = builtInConfig(settings, request.connections, backendPorts(request));
  const modules = findModules(program.path, prefix);
  const instance: ApacheInstance = {
    ...{ program, launch, prefix, text, modules, backend, guard },
    listenCount: 1,
    configName: "the built-in config",
    secrets: new Secrets(),
  };
  return {
    ...foretold(settings, request),
    kind: "apache",
    version: program.version,
    build: program.build,
    configText: await checkConfig(instance, signal),
    configSha256: configDigest(text),
    changes: [],
    webSocket: null,
    upstreams: [],
    config: null,
    ...renewalOf(renewed, instance),
    ...startsOf(instance, apacheStart(instance), { tls, caPem: certificate?.caPem ?? null }),
  };
}

/** @throws UsageError */
export async function foretellApache(request: ConfigRequest): Promise<ForetoldProxy> {
  return foretold(settingsOf(request), request);
}

function foretold(settings: ApacheSettings, request: ConfigRequest): ForetoldProxy {
  const view = { settings, connections: request.connections };
  return {
    tls: settings.tls,
    facts: factsOf(view),
    limits: (machine) => foretellLimits(view, machine, backendPorts(request)),
  };
}

function backendPorts({ backend }: ConfigRequest): number {
  return 1 + (backend.morePorts ?? []).length;
}

function settingsOf({ source }: ConfigRequest): ApacheSettings {
  if (source.kind === "file")
    throw new UsageError(
      `Cannot run ${source.file}: wsrally does not adopt Apache's configs yet; want apache alone, with --set`,
    );
  return parseApacheSettings(source.set);
}
