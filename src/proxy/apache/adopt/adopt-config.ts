/**
 * Makes a user's own config runnable in a private folder on loopback, as it is but for what ties it to its machine:
 * addresses, users, modules, logs, certificates, files. Every change is noted. The original is only ever read.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { confineConfig } from "../confine/confine-config.js";
import { refuseExcess } from "../confine/excess.js";
import { type ConfigTree, type Node, nodeText, rewrite, walk } from "../language/config-tree.js";
import { printConfig } from "../language/print-config.js";
import { readConfig } from "../language/read-config.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import { nameOf } from "../route/listeners.js";
import { certificateFile, certificateFiles } from "../run/template.js";
import { adoptAccess } from "./adopt-access.js";
import { adoptFiles } from "./adopt-files.js";
import { adoptListeners } from "./adopt-listeners.js";
import { adoptModules } from "./adopt-modules.js";
import { adoptTls, backendAuthorityFile } from "./adopt-tls.js";
import { adoptUpstreams } from "./adopt-upstreams.js";
import { type Adoption, createAdoption } from "./adoption.js";
import { completeConfig } from "./complete-config.js";
import { leftOut, leftOutConfined } from "./left-out.js";
import type { RunnableConfig } from "./runnable-config.js";
import { varyConfig } from "./vary-config.js";

export interface AdoptRequest extends ConfigRequest {
  /** Of what will run it; null where none was found. */
  readonly version: string | null;
  /** Of this machine's modules; null where it is not known. */
  readonly modulesFolder: string | null;
}

export interface AdoptedConfig extends RunnableConfig {
  /** As it is written, with all that it includes. */
  readonly written: ConfigTree;
  /** Whether it says nothing of modules. */
  readonly isPart: boolean;
}

/**
 * @throws UsageError when the file cannot be read, or holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed
 */
export async function adoptConfig(file: string, request: AdoptRequest): Promise<AdoptedConfig> {
  const { confinedTo, version, modulesFolder, backend, connections, variant } = request;
  const { tree: written, isPart, serverRoot, notes } = readConfig(file, { confinedTo, version });
  const adoption = createAdoption(file, serverRoot, request);
  const { isConfined } = adoption;
  if (isConfined) refuseExcess(written);
  for (const { sentence, place } of notes) adoption.note(sentence, place);
  const { route, obstacle } = routeOf(written, request, file);
  if (route !== null) noteRoute(route, adoption);
  if (isPart) adoption.note("Modules are loaded that the file's lines ask for: it loads none itself", null);
  const { tree: known, loads } = adoptModules(written, adoption, { isPart, folder: modulesFolder });
  const plain = withoutLeftOut(known, adoption);
  const open = adoption.keepsAccess ? plain : adoptAccess(plain, adoption);
  const lines = [...walk(written)].map(({ node }) => node.key);
  const hasManaged = lines.includes("sslengine") && lines.some((key) => /^mdomain(?:set)?$/.test(key));
  const heard = adoptListeners(adoptTls(open, adoption, hasManaged), route?.listener ?? null, adoption);
  const served = adoption.keepsUpstream
    ? { tree: heard.tree, upstreams: [] }
    : adoptUpstreams(heard.tree, heard.sockets, adoption);
  const { tree: filed, folders } = adoptFiles(served.tree, adoption);
  const varied = variant === null ? filed : varyConfig(filed, variant);
  const walled = isConfined ? confineConfig(varied, adoption) : varied;
  const tree = completeConfig(walled, { loads, isPart, connections, tellsIdle: variant?.kind === "idle" });
  const config = printConfig(tree);
  const asksTls = config.text.includes(certificateFile);
  const certificate = asksTls ? await runCertificate(route, request) : null;
  return {
    ...{ written, isPart, config, isConfined, obstacle, folders },
    name: file,
    listenCount: heard.listenCount,
    tls: route?.tls ?? false,
    caPem: route?.tls ? (certificate?.caPem ?? null) : null,
    files: new Map<string, string | Buffer>([
      ...adoption.copies.files(),
      ...(certificate === null ? [] : certificateFiles(certificate)),
      ...(backend.overTls === undefined ? [] : [[backendAuthorityFile, backend.overTls.caPem] as const]),
    ]),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    originals: adoption.copies.originals(),
    webSocket: route === null ? null : { serverName: route.serverName, path: route.path },
    upstreams: served.upstreams,
    changes: adoption.changes(),
  };
}

function withoutLeftOut(tree: ConfigTree, adoption: Adoption): Node[] {
  return rewrite(tree, (node) => {
    const why = leftOut.get(node.key) ?? (adoption.isConfined ? leftOutConfined.get(node.key) : undefined);
    const isForward = node.key === "proxyrequests" && /^on$/i.test(node.args[0] ?? "");
    if (why === undefined && !isForward) return [node];
    adoption.note(`${node.name} was left out: ${why ?? "wsrally asks for no other site"}`, node.place);
    return [];
  });
}

async function runCertificate(
  route: WebSocketRoute | null,
  { host }: AdoptRequest,
): ReturnType<typeof makeRunCertificate> {
  const names = [route?.serverName, host?.replace(/:\d+$/, "")].filter(
    (name): name is string => typeof name === "string" && /^[a-z0-9.-]+$/i.test(name),
  );
  return makeRunCertificate({ kind: "ec", curve: "P-256" }, names);
}

/** Apache's own opinion goes before ours: an obstacle is only told of a config that it takes. */
function routeOf(
  tree: ConfigTree,
  { path, serverName }: AdoptRequest,
  file: string,
): { readonly route: WebSocketRoute | null; readonly obstacle: UsageError | null } {
  try {
    return { route: findWebSocket(tree, { path, serverName }, file), obstacle: null };
  } catch (thrown) {
    if (thrown instanceof UsageError) return { route: null, obstacle: thrown };
    throw thrown;
  }
}

function noteRoute({ host, path, end, listener }: WebSocketRoute, adoption: Adoption): void {
  const name = host === null ? null : nameOf(host);
  const server = host === null ? "The main server" : `The virtual host${name === null ? "" : ` ${name}`}`;
  const where = host?.place ?? listener.node?.place ?? null;
  const by =
    end.kind === "passed" ? `, which \`${nodeText(end.by)}\` at ${placeWords(end.by.place)} passes on` : "";
  adoption.note(
    `${server}${where === null ? "" : ` at ${placeWords(where)}`} is measured, path ${path}${by}`,
    null,
  );
}
