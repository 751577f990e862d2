/**
 * The built-in Traefik config: a plain reverse proxy for WebSockets, with `--set` variants applied. It is two files, the
 * static one, which is read once, and the routes, which are watched. Paths are relative to the private folder; addresses are
 * marks that a start fills in.
 */
import { stringify } from "yaml";
import { addressMarks, backendMark } from "../../instance/address-marks.js";
import type { Leaf } from "../../run-certificate.js";
import type { Plain, PlainMap, SettingPlace, TraefikSettings } from "./settings.js";

export const certificateFile = "run.crt";
export const keyFile = "run.key";

export function certificateFiles({ certificatePem, keyPem }: Leaf): Map<string, string> {
  return new Map([
    [certificateFile, certificatePem],
    [keyFile, keyPem],
  ]);
}
/** By their names in the private folder. */
export const staticFile = "traefik.yml";
export const routesFile = "routes.yml";

/** Connections to both sides. */
export const filesPerConnection = 2;
/** Listeners, epoll, the watched files, logs and what Go keeps for itself. */
export const ownFiles = 12;

export interface TraefikConfig {
  readonly static: string;
  readonly routes: string;
}

const entryPoint = "web";

/** Answered by Traefik itself as soon as these routes are in force, which is later than it listens. */
export function readyPath(turn: number): string {
  return `/wsrally-ready-${turn}`;
}

/** In a text that holds it; the turn is its one group. */
export const anyReadyPath = new RegExp(`${readyPath(0).slice(0, -1)}(\\d+)`);

/** @param backendPorts of wsrally's backend: a server each, so that none runs out of Traefik's local ports */
export function builtInConfig(settings: TraefikSettings, backendPorts: number): TraefikConfig {
  return { static: print(staticConfig(settings)), routes: print(routes(settings, backendPorts)) };
}

/** @param value numbers and switches as words: Traefik reads them as it does those of its command line */
function print(value: PlainMap): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

function staticConfig(settings: TraefikSettings): PlainMap {
  return withSet(settings, "static", {
    global: { checkNewVersion: "false", sendAnonymousUsage: "false" },
    // Of a connection that failed it tells at no other level; of one that did not it writes a line when it is opened.
    log: { level: "DEBUG", format: "json" },
    entryPoints: {
      [entryPoint]: withSet(settings, "entryPoint", {
        address: addressMarks.listen(0),
        // At its end it would wait for open WebSockets, which a run has closed or means to cut.
        transport: { lifeCycle: { graceTimeOut: "1ms" } },
      }),
    },
    ping: { manualRouting: "true" },
    providers: { providersThrottleDuration: "10ms", file: { filename: routesFile, watch: "true" } },
  });
}

function routes(settings: TraefikSettings, backendPorts: number): PlainMap {
  const servers = Array.from({ length: backendPorts }, (_, index) => ({
    url: `http://${backendMark(index)}`,
  }));
  const set = withSet(settings, "middlewares", {});
  const middlewares = Object.keys(set);
  const transport = withSet(settings, "serversTransport", {});
  const hasTransport = Object.keys(transport).length > 0;
  const secure: PlainMap = settings.tls ? { tls: {} } : {};
  const router = (rule: string, service: string, rest: PlainMap = {}): PlainMap => ({
    ...{ rule, service, entryPoints: [entryPoint] },
    ...rest,
    ...secure,
  });
  const http: PlainMap = {
    routers: {
      web: router("PathPrefix(`/`)", "backend", middlewares.length > 0 ? { middlewares } : {}),
      ready: router(`Path(\`${readyPath(1)}\`)`, "ping@internal"),
    },
    ...(middlewares.length > 0
      ? {
          middlewares: Object.fromEntries(
            Object.entries(set).map(([name, value]) => [name, { [name]: value }]),
          ),
        }
      : {}),
    services: {
      backend: {
        loadBalancer: withSet(settings, "loadBalancer", {
          ...(hasTransport ? { serversTransport: "backend" } : {}),
          servers,
        }),
      },
    },
    ...(hasTransport ? { serversTransports: { backend: transport } } : {}),
  };
  return settings.tls ? { http, tls: tlsPart(settings) } : { http };
}

function tlsPart(settings: TraefikSettings): PlainMap {
  const options = withSet(settings, "tlsOptions", {});
  return {
    stores: { default: { defaultCertificate: { certFile: certificateFile, keyFile } } },
    ...(Object.keys(options).length > 0 ? { options: { default: options } } : {}),
  };
}

/** A part of the config with what was set in it. */
function withSet(settings: TraefikSettings, place: SettingPlace, part: PlainMap): PlainMap {
  return settings.at(place).reduce((whole, { path, value }) => put(whole, path, value), part);
}

function put(part: PlainMap, [name = "", ...rest]: readonly string[], value: Plain): PlainMap {
  if (rest.length === 0) return { ...part, [name]: value };
  const inner = part[name];
  return { ...part, [name]: put(isMap(inner) ? inner : {}, rest, value) };
}

function isMap(value: PlainMap[string] | undefined): value is PlainMap {
  return typeof value === "object" && !Array.isArray(value);
}
