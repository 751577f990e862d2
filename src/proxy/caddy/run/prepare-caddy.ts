/**
 * A Caddy arm, made ready: program found, config built or adopted, private folder filled, config found good by Caddy itself.
 */
import { chown, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Secrets } from "../../../base/secrets.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ConfigRequest, PrepareRequest, Settings } from "../../driver.js";

import { backendAddresses, configDigest } from "../../instance/address-marks.js";
import { planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { startsOf } from "../../instance/start-instance.js";
import { findProgram } from "../../program/find-program.js";
import type { ForetoldProxy, PreparedProxy } from "../../proxy.js";
import { makeRunCertificate } from "../../run-certificate.js";
import type { Workplace } from "../adopt/adapt-caddyfile.js";
import { adoptConfig, type ReadRoute, readRoute } from "../adopt/adopt-config.js";
import { filesFolder } from "../adopt/remap-handlers.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { placeInJson } from "../adopt/translate-words.js";
import { type ConfigView, viewRoute } from "../explain/config-view.js";
import { factsOf } from "../explain/facts.js";
import { foretellLimits } from "../explain/foretell-limits.js";
import { writtenConfig } from "../explain/written-config.js";
import { maskConfigText } from "../language/mask-config.js";
import { parseConfig } from "../language/parse-config.js";
import { readWords } from "../language/read-words.js";
import { findWebSocket } from "../route/find-web-socket.js";
import type { CaddyInstance } from "./caddy-instance.js";
import { caddyProgram } from "./caddy-program.js";
import { checkConfig } from "./check-config.js";
import { parseCaddySettings } from "./settings.js";
import { caddyStart } from "./start-caddy.js";
import { builtInConfig, certificateFiles } from "./template.js";

const neverRoot = {
  title: "Caddy",
  why: "a config with `tls internal` would put an authority into the machine's trust store",
};

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no Caddy, or it refuses the config
 */
export async function prepareCaddy(request: PrepareRequest): Promise<PreparedProxy> {
  const { source, folder, signal, confinedTo } = request;
  // Before the program is looked for: a wrong name, or a file that cannot be read, is the user's to know of first.
  if (source.kind === "built-in") parseCaddySettings(source.set);
  const seen = source.kind === "file" ? readRoute(source.file, request) : null;
  const program = await findProgram(caddyProgram, request.image);
  const prefix = await mkdtemp(join(folder, "caddy-"));
  const launch = await planLaunch({
    ...{ program: program.path, container: program.container, prefix, neverRoot },
    versionArguments: ["version"],
    isConfined: confinedTo !== null,
  });
  const workplace = { prefix, launch, signal, version: program.version };
  const runnable =
    source.kind === "file"
      ? await adoptConfig(source.file, request, { ...(seen as ReadRoute), workplace })
      : await builtIn(source.set, request, program.version);
  await makeFilesFolder(workplace, runnable);
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const { text, language, listenCount, variables, name: configName } = runnable;
  const secrets = new Secrets();
  if (source.kind === "file") maskConfigText(text, secrets.found);
  const instance: CaddyInstance = {
    ...{ program, launch, prefix, language, text, listenCount, variables, secrets, configName },
    ...{ backend: request.backend, guard: request.guard },
    translate: (words) => {
      const place = seen === null || seen.read.json === null ? null : placeInJson(words, seen.read.json);
      const told = words.replace(/\b(?:Caddyfile|caddy\.json):(\d+)/g, `${configName}:$1`);
      return place === null ? told : `${told}, at ${placeWords(place)}`;
    },
  };
  const checked = await checkConfig(instance, signal);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return prepared(instance, { runnable, request, text: checked, view: viewOf(request, seen) });
}

interface Checked {
  readonly runnable: RunnableConfig;
  readonly request: PrepareRequest;
  /** As Caddy found it good, addresses filled in. */
  readonly text: string;
  readonly view: ConfigView;
}

function prepared(instance: CaddyInstance, { runnable, request, text, view }: Checked): PreparedProxy {
  const { source } = request;
  const { program, secrets } = instance;
  return {
    ...foretold(view, runnable.tls, request),
    kind: "caddy",
    version: program.version,
    build: program.build,
    configText: maskConfigText(text),
    configSha256: configDigest(instance.text),
    changes: runnable.changes.map((change) => secrets.hide(change)),
    webSocket: runnable.webSocket,
    upstreams: runnable.upstreams,
    config: source.kind === "file" ? writtenConfig(view) : null,
    ...renewalOf(runnable.renewedFiles, instance),
    ...startsOf(instance, caddyStart(instance), { tls: runnable.tls, caPem: runnable.caPem }),
  };
}

/** Owned by whom Caddy runs as, as all of the private folder is. */
async function makeFilesFolder({ prefix, launch }: Workplace, { files }: RunnableConfig): Promise<void> {
  if (![...files.keys()].some((name) => name.startsWith(`${filesFolder}/`))) return;
  const path = join(prefix, filesFolder);
  await mkdir(path);
  if (launch.user !== null) await chown(path, launch.user.uid, launch.user.gid);
}

/** @throws ConfigRefusedError, UsageError */
export async function foretellCaddy(request: ConfigRequest): Promise<ForetoldProxy> {
  const { source } = request;
  const seen = source.kind === "file" ? readRoute(source.file, request) : null;
  const view = viewOf(request, seen);
  const tls = source.kind === "built-in" ? parseCaddySettings(source.set).tls : view.route?.address.tls;
  return foretold(view, tls ?? false, request);
}

/** The built-in config is read as a user's is. */
function viewOf({ source, isPlaced, backend }: ConfigRequest, seen: ReadRoute | null): ConfigView {
  if (source.kind === "file" && seen !== null) {
    const { read, route } = seen;
    return viewRoute({ tree: read.tree, route, isJson: read.json !== null, workers: isPlaced ? 1 : null });
  }
  const settings = parseCaddySettings(source.kind === "built-in" ? source.set : {});
  const name = "the built-in config";
  const text = builtInConfig(settings, portsOf(backend), null).replaceAll(/@wsrally-port-\d+@/g, "1");
  const importFile = (): never[] => [];
  const tree = parseConfig(readWords(text, name), { file: name, importFile });
  const route = findWebSocket(tree, { path: null, serverName: null }, name);
  return viewRoute({ tree, route, isJson: false, workers: settings.workers });
}

function foretold(view: ConfigView, tls: boolean, { source, backend }: ConfigRequest): ForetoldProxy {
  // A user's own upstream is one address of wsrally's backend here.
  const addresses = source.kind === "built-in" ? portsOf(backend) : 1;
  return { tls, facts: factsOf(view), limits: (machine) => foretellLimits(view, machine, addresses) };
}

function portsOf(backend: ConfigRequest["backend"]): number {
  return backendAddresses(backend).length;
}

async function builtIn(
  set: Settings,
  { backend, http = 1 }: ConfigRequest,
  version: string | null,
): Promise<RunnableConfig> {
  const settings = parseCaddySettings(set);
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const environment = (settings.byPlace.get("environment") ?? []).map(
    ([name = "", ...value]) => [name, value.join(" ")] as const,
  );
  return {
    text: builtInConfig(settings, portsOf(backend), version, http),
    language: "caddyfile",
    name: "the built-in config",
    listenCount: 1,
    tls: settings.tls,
    caPem: certificate?.caPem ?? null,
    files: certificate === null ? new Map() : certificateFiles(certificate),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    // One processor, as one worker of nginx and one thread of HAProxy have, whatever the machine has.
    // Of HTTP/2's WebSockets Go tells nobody without being asked to.
    variables: new Map([
      ["GOMAXPROCS", "1"],
      ...(http === 2 ? ([["GODEBUG", "http2xconnect=1"]] as const) : []),
      ...environment,
    ]),
    webSocket: null,
    upstreams: [],
    obstacle: null,
    changes: [],
  };
}
