/**
 * Makes a user's own config runnable in a private folder on loopback, as it is but for what ties it to its machine:
 * addresses, names, logs, certificates, files, control planes. Every change is noted. The original is only ever read.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { ConfigRequest } from "../../driver.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { type ConfigMap, listOf, mapsIn } from "../../tree/config-node.js";
import { confineConfig } from "../confine/confine-config.js";
import { refuseExcess } from "../confine/excess.js";
import { entryOf, nodeAt, numberAt, textAt, withField, withoutField } from "../language/config-node.js";
import { readConfig } from "../language/read-config.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import { addressText } from "../route/listeners.js";
import { certificateFile, keyFile } from "../run/template.js";
import { adoptBootstrap } from "./adopt-bootstrap.js";
import { adoptClusters, backendAuthorityFile } from "./adopt-clusters.js";
import { adoptFiles } from "./adopt-files.js";
import { adoptListeners } from "./adopt-listeners.js";
import { type Adoption, createAdoption } from "./adoption.js";
import type { RunnableConfig } from "./runnable-config.js";
import { varyConfig } from "./vary-config.js";

/**
 * @throws UsageError when the file cannot be read, or holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed
 */
export async function adoptConfig(file: string, request: ConfigRequest): Promise<RunnableConfig> {
  const { confinedTo, variant, backend } = request;
  const { tree: written, followed, files } = readConfig(file, { confinedTo });
  if (confinedTo !== null) refuseExcess(written);
  refusePorts(written, file);
  const adoption = createAdoption(file, files, request);
  for (const { sentence, place } of followed) adoption.note(sentence, place);
  const { route, obstacle } = routeOf(written, request, file);
  if (route !== null) noteRoute(route, adoption);
  const bootstrap = adoptBootstrap(written, adoption);
  const { listeners, listenCount, numbers, asksTls } = adoptListeners(
    written,
    route?.listener ?? null,
    adoption,
  );
  const served = adoption.keepsUpstream ? null : adoptClusters({ tree: written, numbers, adoption });
  const placed = withResources(bootstrap, listeners, served?.clusters ?? null);
  const varied = variant === null ? placed : varyConfig(placed, variant);
  const { tree: adopted, variables } = adoptFiles(varied, adoption);
  const tree = confinedTo === null ? adopted : confineConfig(adopted, adoption);
  const certificate = asksTls ? await runCertificate(route, request) : null;
  const own: [string, string][] =
    certificate === null
      ? []
      : [
          [certificateFile, certificate.certificatePem],
          [keyFile, certificate.keyPem],
        ];
  if (backend.overTls !== undefined) own.push([backendAuthorityFile, backend.overTls.caPem]);
  return {
    tree,
    name: file,
    listenCount,
    // As many workers as the processors that the run gives it, which is what Envoy does by itself; else one.
    handOver: [],
    renewedFiles: null,
    concurrency: request.isPlaced ? null : 1,
    tls: route?.tls ?? false,
    caPem: route?.tls ? (certificate?.caPem ?? null) : null,
    files: new Map<string, string | Buffer>([...adoption.copies.files(), ...own]),
    originals: adoption.copies.originals(),
    variables,
    isConfined: confinedTo !== null,
    webSocket: route === null ? null : { serverName: route.host, path: route.path },
    upstreams: served?.upstreams ?? [],
    obstacle,
    changes: adoption.changes(),
  };
}

/** Every port of the copy is another one: what Envoy says of those that are none would not be heard. */
function refusePorts(tree: ConfigMap, file: string): void {
  for (const map of mapsIn(tree)) {
    const entry = entryOf(map, "port_value");
    const port = numberAt(map, "port_value");
    if (entry === null || port === null || port <= 65_535) continue;
    const words = `${placeWords(entry.place)}: PortValue: value must be less than or equal to 65535`;
    throw new ConfigRefusedError("Envoy", file, words);
  }
}

function withResources(
  tree: ConfigMap,
  listeners: readonly ConfigMap[],
  clusters: readonly ConfigMap[] | null,
): ConfigMap {
  const statics = nodeAt(tree, "static_resources");
  const map: ConfigMap = statics?.kind === "map" ? statics : { kind: "map", entries: [], place: null };
  // Of the listeners' certificates, and of the clusters' where these are replaced.
  const bare = clusters === null ? map : withoutField(map, "secrets");
  const listening = withField(bare, "listeners", listOf(...listeners));
  const served = clusters === null ? listening : withField(listening, "clusters", listOf(...clusters));
  return withField(tree, "static_resources", served);
}

async function runCertificate(
  route: WebSocketRoute | null,
  { host }: ConfigRequest,
): ReturnType<typeof makeRunCertificate> {
  const names = [route?.host, host]
    .map((name) => name?.replace(/:\d+$/, ""))
    .filter((name): name is string => typeof name === "string" && /^[a-z0-9.-]+$/i.test(name));
  return makeRunCertificate({ kind: "ec", curve: "P-256" }, names);
}

/** Envoy's own opinion goes before ours: an obstacle is only told of a config that it takes. */
function routeOf(
  tree: ConfigMap,
  { path, serverName }: ConfigRequest,
  file: string,
): { readonly route: WebSocketRoute | null; readonly obstacle: UsageError | null } {
  try {
    const route = findWebSocket(tree, { path, serverName }, file);
    const end = route?.stages.at(-1)?.end ?? null;
    if (route === null)
      return { route, obstacle: new UsageError(`Cannot measure ${file}: it has no listener for TCP`) };
    if (end?.kind !== "unknown") return { route, obstacle: null };
    return { route, obstacle: new UsageError(`Cannot measure ${placeWords(end.by.place)}: ${end.what}`) };
  } catch (thrown) {
    if (thrown instanceof UsageError) return { route: null, obstacle: thrown };
    throw thrown;
  }
}

function noteRoute({ listener, host, path, stages }: WebSocketRoute, { note }: Adoption): void {
  const [first] = stages;
  const route = first?.route ?? first?.virtualHost ?? listener;
  const where = textAt(listener, "name") ?? addressText(nodeAt(listener, "address"));
  const of = host === null ? "" : ` of ${host}`;
  note(`The WebSocket that is measured is ${path}${of}, of listener ${where}`, route.place);
}
