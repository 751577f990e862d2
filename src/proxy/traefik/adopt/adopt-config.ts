/**
 * Makes a user's own config runnable in a private folder on loopback, as it is but for what ties it to its machine:
 * addresses, names, logs, certificates, files, other providers. Every change is noted. The originals are only ever read.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { confineConfig } from "../confine/confine-config.js";
import { refuseExcess } from "../confine/excess.js";
import { printConfig } from "../language/print-config.js";
import { type ReadConfig, readConfig } from "../language/read-config.js";
import { withoutTemplates } from "../language/render-template.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import { certificateFiles } from "../run/template.js";
import { adoptInstall } from "./adopt-install.js";
import { leftOutMiddlewares } from "./adopt-middlewares.js";
import { adoptRouting } from "./adopt-routing.js";
import { backendAuthorityFile } from "./adopt-transports.js";
import { type Adoption, createAdoption } from "./adoption.js";
import type { RunnableConfig } from "./runnable-config.js";

/**
 * @throws UsageError when the file cannot be read, or holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed
 */
export async function adoptConfig(file: string, request: ConfigRequest): Promise<RunnableConfig> {
  const { confinedTo, backend } = request;
  const read = readConfig(file, { confinedTo });
  if (confinedTo !== null) refuseExcess(read);
  const adoption = createAdoption(read, request);
  for (const { sentence, place } of read.followed) adoption.note(sentence, place);
  for (const name of read.variables.keys())
    adoption.note(
      confinedTo === null
        ? `\`env "${name}"\` of a template is what the environment of wsrally says`
        : `\`env "${name}"\` of a template is empty`,
      { file, line: 1 },
    );
  const route = findWebSocket(read, request, file);
  if (route !== null) noteRoute(route, adoption);
  const leftOut = leftOutMiddlewares(adoption);
  const install = adoptInstall({ measured: route?.entryPoint.name ?? null, leftOut, adoption });
  const routing = adoptRouting({ leftOut, transports: { entries: [] }, adoption });
  const trees = { install: install.tree, routing };
  const kept = confinedTo === null ? trees : confineConfig(trees, adoption);
  const certificate = await makeRunCertificate({ kind: "ec", curve: "P-256" }, namesOf(route, request));
  const own = new Map<string, string | Buffer>([
    ...adoption.copies.files(),
    ...certificateFiles(certificate),
    ...(backend.overTls === undefined ? [] : ([[backendAuthorityFile, backend.overTls.caPem]] as const)),
  ]);
  const tls = route?.tls ?? false;
  return {
    config: { static: printConfig(kept.install), routes: withoutTemplates(printConfig(kept.routing)) },
    name: file,
    written: read,
    routers: [route?.meant.router.name, route?.way?.router.name].filter((name) => name !== undefined),
    listenCount: install.listenCount,
    ready: { listen: install.readyListen, tls: false },
    tls,
    caPem: tls ? certificate.caPem : null,
    workers: 1,
    files: own,
    renewedFiles: async () => certificateFiles(await certificate.renew()),
    originals: adoption.copies.originals(),
    // One processor, unless the run gives it others, of which Go takes as many as there are.
    variables: new Map(request.isPlaced ? [] : [["GOMAXPROCS", "1"]]),
    isConfined: confinedTo !== null,
    webSocket: route === null ? null : { serverName: route.host, path: route.path },
    upstreams: adoption.upstreams,
    obstacle: obstacleOf(read, route),
    changes: adoption.changes(),
  };
}

function namesOf(route: WebSocketRoute | null, { host }: ConfigRequest): string[] {
  return [route?.host, host]
    .map((name) => name?.replace(/:\d+$/, ""))
    .filter((name): name is string => typeof name === "string" && /^[a-z0-9.-]+$/i.test(name));
}

function obstacleOf({ file, ignored }: ReadConfig, route: WebSocketRoute | null): UsageError | null {
  if (route !== null) return null;
  const why =
    ignored === null
      ? "no file of routes has a router for HTTP or TCP"
      : `Traefik does not look at \`${ignored.key}\` in the file that it is started with (${placeWords(ignored.place)}); want it in a file of its own, which \`providers.file.filename\` names`;
  return new UsageError(`Cannot measure ${file}: ${why}`);
}

function noteRoute({ host, path, meant }: WebSocketRoute, { note }: Adoption): void {
  const of = host === null ? "" : ` of ${host}`;
  note(
    `The WebSocket that is measured is ${path}${of}, of the router ${meant.router.name}`,
    meant.router.entry.place,
  );
}
