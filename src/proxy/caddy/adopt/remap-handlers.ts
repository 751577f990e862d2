/**
 * wsrally's backend in place of every upstream but those that are a site of the same config, and no file of the machine
 * behind any handler.
 */

import { placeWords } from "../../../diagnosis/quote.js";
import type { JsonPath } from "../language/json-document.js";
import { marks } from "../run/config-marks.js";
import type { Adoption } from "./adoption.js";
import { emptied, everyRecord, isRecord, type Json, listIn } from "./json.js";
import { keepUpstreams } from "./keep-upstreams.js";
import type { Sockets } from "./remap-servers.js";
import { remapTransport } from "./remap-transport.js";

/** Stands for every root of files: what a site serves is not what is measured. */
export const filesFolder = "files";

const proxyDirectives = ["reverse_proxy", "forward_auth", "php_fastcgi"];

export function remapHandlers(servers: unknown, sockets: Sockets, adoption: Adoption): void {
  for (const { record, path } of everyRecord(servers, ["apps", "http", "servers"])) {
    if (record.handler === "reverse_proxy") remapProxy(record, path, { sockets, adoption });
    else if (record.handler === "tracing") leaveOut(record, path, "nobody is told of requests", adoption);
    else if (record.handler === "acme_server")
      leaveOut(record, path, "it gives certificates to nobody", adoption);
    remapRoot(record, path, adoption);
  }
}

/** Another handler, that does nothing. */
function leaveOut(record: Json, path: JsonPath, why: string, adoption: Adoption): void {
  const name = String(record.handler);
  emptied(record).handler = "vars";
  adoption.note(`${name} was left out: ${why}`, { path, directives: [name] });
}

function remapRoot(record: Json, path: JsonPath, adoption: Adoption): void {
  const isFiles = record.handler === "file_server" || record.handler === "templates";
  const isVariable = record.handler === "vars" && record.root !== undefined;
  const matcher = isRecord(record.file) && record.handler === undefined ? record.file : null;
  if (matcher !== null) {
    matcher.root = filesFolder;
    delete matcher.fs;
  }
  if (!isFiles && !isVariable) return;
  if (record.handler !== "templates" || record.file_root !== undefined || isVariable)
    adoption.note("Files are looked for in a folder of the copy's own, which has an index.html alone", {
      path,
      directives: ["root", "file_server"],
    });
  if (record.handler === "templates") record.file_root = filesFolder;
  else record.root = filesFolder;
  delete record.fs;
  if (isRecord(record.browse)) delete record.browse.template_file;
}

interface Terms {
  readonly sockets: Sockets;
  readonly adoption: Adoption;
}

function remapProxy(proxy: Json, path: JsonPath, { sockets, adoption }: Terms): void {
  const transport = isRecord(proxy.transport) ? proxy.transport : null;
  if (!adoption.keepsUpstream && transport?.protocol === "fastcgi") {
    Object.assign(emptied(proxy), { handler: "static_response", status_code: 502 });
    adoption.note("php_fastcgi answers 502 instead: no PHP runs here", { path, directives: ["php_fastcgi"] });
    return;
  }
  if (adoption.keepsUpstream) {
    keepUpstreams(proxy, path, adoption);
    return;
  }
  remapChecks(proxy, path, adoption);
  const [first] = listIn(proxy, "upstreams");
  const spot = upstreamSpot(isRecord(first) ? String(first.dial ?? "") : "", path, adoption);
  const overTls = remapTransport(proxy, { path, spot }, adoption);
  if (proxy.dynamic_upstreams !== undefined) {
    delete proxy.dynamic_upstreams;
    proxy.upstreams = [{ dial: backendMark(0, overTls) }];
    replaced(
      "dynamic upstreams",
      { path: [...path, "dynamic_upstreams"], directives: ["dynamic"] },
      adoption,
    );
    return;
  }
  for (const [index, upstream] of listIn(proxy, "upstreams").entries()) {
    if (!isRecord(upstream)) continue;
    const dial = String(upstream.dial ?? "");
    const hop = hopOf(dial, sockets);
    if (hop !== null) upstream.dial = `127.0.0.1:${marks.port(hop)}`;
    else {
      const spot = upstreamSpot(dial, [...path, "upstreams", index, "dial"], adoption);
      replaced(spot.text, spot, adoption);
      upstream.dial = backendMark(index, overTls);
    }
  }
}

function backendMark(index: number, overTls: boolean): string {
  return overTls ? marks.backendTls : marks.backend(index);
}

function replaced(
  text: string,
  spot: { path: JsonPath; directives: readonly string[]; word?: string },
  adoption: Adoption,
): void {
  adoption.note(`\`${text}\` is wsrally's backend instead`, spot);
  adoption.upstreams.push({ address: text, origin: placeWords(adoption.locate(spot)[0] ?? null) });
}

/** As the user wrote it: Caddy has put a port to it, and taken a scheme away. */
function upstreamSpot(
  dial: string,
  path: JsonPath,
  { locate, isJson }: Adoption,
): { text: string; path: JsonPath; directives: readonly string[]; word: string } {
  const bare = dial.replace(/:(?:80|443)$/, "");
  const forms = [
    dial,
    bare,
    ...["http", "https", "h2c"].flatMap((scheme) => [`${scheme}://${dial}`, `${scheme}://${bare}`]),
  ];
  const found = isJson
    ? dial
    : (forms.find((word) => locate({ path, directives: proxyDirectives, word }).length > 0) ?? dial);
  return { text: found, path, directives: proxyDirectives, word: found };
}

/** The socket of this very config that is dialled, if it is one. */
function hopOf(dial: string, { byPort }: Sockets): number | null {
  const port = /^(?:localhost|127\.0\.0\.1|\[::1\])?:(\d+)$/.exec(dial)?.[1];
  return port === undefined ? null : (byPort.get(Number(port)) ?? null);
}

/** wsrally's backend is there and is not asked; marks against a server that fails stay. */
function remapChecks(proxy: Json, path: JsonPath, adoption: Adoption): void {
  const checks = proxy.health_checks;
  if (!isRecord(checks) || checks.active === undefined) return;
  delete checks.active;
  adoption.note("Active health checks were left out: wsrally's backend is there, and is not asked", {
    path: [...path, "health_checks", "active"],
    directives: ["health_uri", "health_path", "health_port"],
  });
}
