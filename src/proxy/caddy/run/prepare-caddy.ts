/**
 * A Caddy arm, made ready: program found, config built or adopted, private folder filled, config found good by Caddy itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../../base/errors.js";
import { Secrets } from "../../../base/secrets.js";
import type { ConfigRequest, PrepareRequest, Settings } from "../../driver.js";
import { findFreePorts } from "../../free-port.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { findProgram } from "../../program/find-program.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import type { CaddyInstance } from "./caddy-instance.js";
import { caddyProgram } from "./caddy-program.js";
import { checkConfig } from "./check-config.js";
import { configDigest } from "./config-marks.js";
import { parseCaddySettings } from "./settings.js";
import { startCaddy } from "./start-caddy.js";
import { builtInConfig, certificateFile, keyFile } from "./template.js";

const neverRoot = {
  title: "Caddy",
  why: "a config with `tls internal` would put an authority into the machine's trust store",
};

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Caddy, or it refuses the config
 */
export async function prepareCaddy(request: PrepareRequest): Promise<PreparedProxy> {
  const { source, backend, guard, folder, signal } = request;
  // Before the program is looked for: a wrong name is the user's to know of first.
  if (source.kind === "built-in") parseCaddySettings(source.set);
  const program = await findProgram(caddyProgram);
  const runnable = await runnableConfig(request, program.version);
  const prefix = await mkdtemp(join(folder, "caddy-"));
  const launch = await planLaunch({
    ...{ program: program.path, versionArguments: ["version"], prefix, neverRoot },
    isConfined: request.confinedTo !== null,
  });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const { text, language, listenCount, variables, name: configName } = runnable;
  const instance: CaddyInstance = {
    ...{ program, launch, prefix, language, text, listenCount, backend, guard, configName, variables },
    secrets: new Secrets(),
    translate: (words) => words.replace(/\bCaddyfile:(\d+)/g, `${configName}:$1`),
  };
  const checked = await checkConfig(instance, signal);
  return {
    ...foretold(runnable, request),
    kind: "caddy",
    version: program.version,
    build: program.build,
    configText: checked,
    configSha256: configDigest(text),
    changes: runnable.changes,
    webSocket: runnable.webSocket,
    upstreams: runnable.upstreams,
    config: null,
    start: (startSignal) => startCaddy(instance, runnable, startSignal),
    startAt: (startSignal, port) => {
      const choosePorts = async (count: number) => [port, ...(await findFreePorts(count - 1))];
      return startCaddy(instance, { ...runnable, choosePorts }, startSignal);
    },
  };
}

/** @throws ConfigRefusedError, UsageError */
export async function foretellCaddy(request: ConfigRequest): Promise<ForetoldProxy> {
  return foretold(await runnableConfig(request, null), request);
}

function foretold({ tls }: RunnableConfig, { source, backend }: ConfigRequest): ForetoldProxy {
  const { workers, byPlace } = parseCaddySettings(source.kind === "built-in" ? source.set : {});
  void byPlace;
  const addresses = 1 + (backend.morePorts ?? []).length;
  return {
    tls,
    facts: factsOf({ workers, closeDelay: null, readTimeout: null }),
    limits: (machine) => foretellLimits(machine, addresses),
  };
}

function runnableConfig(request: ConfigRequest, version: string | null): Promise<RunnableConfig> {
  const { source } = request;
  if (source.kind === "file")
    throw new UsageError("Cannot run a Caddy config of your own yet: want caddy alone");
  return builtIn(source.set, request, version);
}

async function builtIn(
  set: Settings,
  { backend }: ConfigRequest,
  version: string | null,
): Promise<RunnableConfig> {
  const settings = parseCaddySettings(set);
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const ports = 1 + (backend.morePorts ?? []).length;
  const environment = (settings.byPlace.get("environment") ?? []).map(
    ([name = "", ...value]) => [name, value.join(" ")] as const,
  );
  return {
    text: builtInConfig(settings, ports, version),
    language: "caddyfile",
    name: "the built-in config",
    listenCount: 1,
    tls: settings.tls,
    caPem: certificate?.caPem ?? null,
    files: new Map(
      certificate
        ? [
            [certificateFile, certificate.certificatePem],
            [keyFile, certificate.keyPem],
          ]
        : [],
    ),
    // One processor, as one worker of nginx and one thread of HAProxy have, whatever the machine has.
    variables: new Map([["GOMAXPROCS", "1"], ...environment]),
    webSocket: null,
    upstreams: [],
    obstacle: null,
    changes: [],
  };
}
