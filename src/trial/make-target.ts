/**
 * Where the generator connects and what it says there: Host and Origin as a browser sets them, unless given.
 */
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { EnvironmentError, messageOf } from "../base/errors.js";
import type { Target } from "../load/messages.js";
import type { ProxyEndpoint, WebSocketAddress } from "../proxy/proxy.js";
import type { ArmTarget } from "../scenario/arm.js";
import type { Workload } from "../scenario/workload.js";
import { type FilledText, fillText } from "../websocket/filled-text.js";
import { type RunToken, tokenHeader, tokenQuery } from "../websocket/run-token.js";
import type { OwnHandshake } from "./own-handshake.js";

/** Path of the WebSocket where nothing else is said. */
const defaultPath = "/sock";

interface TargetSettings {
  readonly arm: ArmTarget;
  readonly endpoint: ProxyEndpoint;
  /** What the proxy's own config says of it, or null. */
  readonly webSocket: WebSocketAddress | null;
  readonly workload: Workload;
  readonly own: OwnHandshake;
  /** What a run's own requests are known by; null or left out where the backend takes them all for those. */
  readonly ticket?: RunToken | null;
  /** PEM that the user gave with `ca`; null when none was. */
  readonly givenCaPem: string | null;
}

/** @throws EnvironmentError when the endpoint's name cannot be found */
export async function makeTarget({
  arm,
  endpoint,
  webSocket,
  workload,
  own,
  ticket = null,
  givenCaPem,
}: TargetSettings): Promise<Target> {
  const { tls, host, port } = endpoint;
  const bareHost = isIPv6(host) ? `[${host}]` : host;
  const ownHost = port === (tls ? 443 : 80) ? bareHost : `${bareHost}:${port}`;
  const hostHeader = workload.host ?? webSocket?.serverName ?? ownHost;
  const path = own.path ?? requestPath(arm, webSocket, workload.usualPath);
  return {
    tls,
    address: await addressOf(host),
    ports: endpoint.morePorts === undefined ? [port] : [port, ...endpoint.morePorts],
    path: ticket?.place === "query" ? withQuery(path, ticket.token) : path,
    hostHeader,
    origin: workload.origin ?? `${tls ? "https" : "http"}://${hostHeader}`,
    fields:
      ticket?.place === "header" ? [...own.fields, { name: tokenHeader, value: ticket.token }] : own.fields,
    subprotocols: own.subprotocols,
    rows: own.rows,
    hidden: ticket === null ? own.hidden : [...own.hidden, ticket.token],
    // Both: the user's authority may have signed one arm's certificate, and the run's own another's.
    caPem: [givenCaPem, endpoint.caPem].filter((pem) => pem !== null).join("\n") || null,
    insecure: workload.insecure,
    resume: workload.resume,
    deflate: workload.deflate,
    streams: workload.http === 2 ? workload.streams : null,
  };
}

function withQuery(path: FilledText, token: string): FilledText {
  const query = tokenQuery(fillText(path, []), token);
  return typeof path === "string" ? path + query : [...path, query];
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch (thrown) {
    throw new EnvironmentError(`Cannot find the host ${host}: ${messageOf(thrown)}`);
  }
}

/** The path asked for where none was given: the URL's own or the config's, else the preset's or `/sock`. */
function requestPath(arm: ArmTarget, webSocket: WebSocketAddress | null, usual: string | null): string {
  if (arm.kind !== "url") return usual ?? webSocket?.path ?? defaultPath;
  const { pathname, search } = new URL(arm.url);
  const given = `${pathname}${search}`;
  return given === "/" ? (usual ?? given) : given;
}
