/**
 * Makes a user's own config runnable in a private folder on loopback, as it is but for what ties it to its machine:
 * addresses, users, logs, certificates, files. Every change is noted. The original is only ever read.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ConfigRequest } from "../../driver.js";
import type { ProxyProgram } from "../../program/program-spec.js";
import { makeRunCertificate } from "../../run-certificate.js";
import type { Variant } from "../../variant.js";
import { confineConfig } from "../confine/confine-config.js";
import { refuseExcess } from "../confine/excess.js";
import {
  type ConfigLine,
  type ConfigTree,
  isBackend,
  isFrontend,
  type Section,
  sectionText,
} from "../language/config-tree.js";
import { readConfig } from "../language/read-config.js";
import { bindAddresses, isSameSocket, parseAddress } from "../route/addresses.js";
import { bindsOf, findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import { adoptAccess } from "./adopt-access.js";
import { adoptBinds, certificateFile, certificateFiles } from "./adopt-binds.js";
import { adoptCode } from "./adopt-code.js";
import { adoptFiles } from "./adopt-files.js";
import { adoptGlobal } from "./adopt-global.js";
import { adoptNames } from "./adopt-names.js";
import { adoptServers, backendAuthorityFile } from "./adopt-servers.js";
import { type Adoption, createAdoption, folderOf } from "./adoption.js";
import { keepServers } from "./keep-servers.js";
import { liftRates } from "./lift-rates.js";
import type { RunnableConfig } from "./runnable-config.js";
import { varyConfig } from "./vary-config.js";

interface AdoptRequest extends ConfigRequest {
  /** What will run it: conditions of a config go by its version and build. Null where none was found. */
  readonly program: Pick<ProxyProgram, "version" | "build"> | null;
}

/**
 * @throws UsageError when the file cannot be read, or holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed
 */
export async function adoptConfig(file: string, request: AdoptRequest): Promise<RunnableConfig> {
  const { confinedTo, program, backend } = request;
  const { tree: written, environment, files } = readConfig(file, { confinedTo, program });
  const names = files.map(({ name }) => name);
  const adoption = createAdoption(file, folderOf(file, names), request);
  const isConfined = confinedTo !== null;
  if (isConfined) refuseExcess(written);
  const { route, obstacle } = routeOf(written, request, adoption);
  if (route !== null) noteRoute(route, adoption);
  const lifted = request.liftsRates ? liftRates(written, adoption) : written;
  const access = adoption.keepsAccess ? lifted : adoptAccess(lifted, adoption);
  const bound = adoptBinds(adoptGlobal(adoptCode(access, adoption), adoption), {
    measured: route?.bind ?? null,
    inner: innerBinds(written),
    adoption,
  });
  const served = adoption.keepsUpstream
    ? { tree: keepServers(bound.tree, adoption), upstreams: [] }
    : adoptServers(bound.tree, bound.sockets, adoption);
  const named = adoptNames(served.tree, adoption);
  const varied = varyOrKeep(adoptFiles(named, adoption), request.variant);
  const tree = isConfined ? confineConfig(varied, adoption) : varied;
  const asksTls = tree.some(({ lines }) =>
    lines.some(({ name, args }) => name === "bind" && args.includes(certificateFile)),
  );
  const certificate = asksTls ? await runCertificate(route, request) : null;
  return {
    tree,
    name: file,
    listenCount: bound.listenCount,
    tls: route?.tls ?? false,
    caPem: route?.tls ? (certificate?.caPem ?? null) : null,
    files: new Map<string, string | Buffer>([
      ...adoption.copies.files(),
      ...(certificate === null ? [] : certificateFiles(certificate)),
      ...(backend.overTls === undefined ? [] : [[backendAuthorityFile, backend.overTls.caPem] as const]),
    ]),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    originals: adoption.copies.originals(),
    readLines: (name) => adoption.readLines(adoption.copies.originals().get(name) ?? name),
    variables: isConfined ? new Map() : environment.asked(),
    isConfined,
    webSocket: route === null ? null : { serverName: route.serverName, path: route.path },
    upstreams: served.upstreams,
    obstacle,
    changes: adoption.changes(),
  };
}

function varyOrKeep(tree: readonly Section[], variant: Variant | null): readonly Section[] {
  return variant === null ? tree : varyConfig(tree, variant);
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

/** HAProxy's own opinion goes before ours: an obstacle is only told of a config that it takes. */
function routeOf(
  tree: ConfigTree,
  { path, serverName }: AdoptRequest,
  { file, readLines }: Adoption,
): { readonly route: WebSocketRoute | null; readonly obstacle: UsageError | null } {
  try {
    const route = findWebSocket(tree, { path, serverName }, readLines, file);
    const obstacle =
      route === null || route.bind === null
        ? new UsageError(`Cannot measure ${file}: it has no frontend that listens for TCP`)
        : null;
    return { route, obstacle };
  } catch (thrown) {
    if (thrown instanceof UsageError) return { route: null, obstacle: thrown };
    throw thrown;
  }
}

function noteRoute({ frontend, bind, path, serverName, end }: WebSocketRoute, adoption: Adoption): void {
  const by = end.kind === "server" ? ` to \`${sectionText(end.backend)}\`` : "";
  const host = serverName === null ? "" : ` of ${serverName}`;
  adoption.note(
    `\`${sectionText(frontend)}\` is measured, path ${path}${host}${by} (${placeWords(bind?.place ?? frontend.place)})`,
    null,
  );
}

/** Binds that a server of the same config connects to. */
function innerBinds(tree: ConfigTree): ReadonlySet<ConfigLine> {
  const servers = tree
    .filter(isBackend)
    .flatMap(({ lines }) => lines.filter(({ name }) => name === "server"))
    .map(({ args }) => parseAddress(args[1] ?? ""));
  const binds = tree.filter(isFrontend).flatMap(bindsOf);
  return new Set(
    binds.filter(({ args }) =>
      bindAddresses(args[0] ?? "").some((bind) => servers.some((server) => isSameSocket(server, bind))),
    ),
  );
}
