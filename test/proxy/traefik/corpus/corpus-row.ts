/**
 * What a row of Traefik's corpus says: a config as its users write it, what comes of an upgrade through it, and what must be
 * said of it. Whatever a row does not name must not be said.
 */
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";

export interface CorpusRow {
  readonly name: string;
  /** By their names; the first is the one that Traefik is asked to run with. */
  readonly files: Readonly<Record<string, string>>;
  readonly path?: string;
  /** Of the real program, asked with the config's own host and path. Left out where it is not run. */
  readonly answers?: number;
  /** Where the request arrives, if not where it was sent to. */
  readonly arrives?: string;
  /** What a probe would see, where an answer that came too early is not all. */
  readonly symptom?: Symptom;
  /** Of Traefik's log, as it is shown. */
  readonly logged?: string;
  /** Of cause and cure. */
  readonly says?: RegExp;
  /** Warnings and faults of the config alone. */
  readonly advises?: readonly FindingId[];
  /** Among what is advised, a note's words included. */
  readonly tells?: RegExp;
  /** Of the first Traefik that has what it needs. */
  readonly since?: string;
  /** Run in the ordinary lane as well. */
  readonly isTried?: true;
}

interface Asked {
  readonly rule?: string;
  /** Further lines of the router. */
  readonly router?: string;
  /** Of the middleware `m`, which the router goes through. */
  readonly middleware?: string;
  /** Of the service's `loadBalancer`. */
  readonly balancer?: string;
  /** Further routers, a line each. */
  readonly routers?: readonly string[];
  /** Lines of `http`. */
  readonly http?: string;
  /** Lines beside `http`. */
  readonly more?: string;
}

const server = '{url: "http://app.internal:3000"}';

/** A file of routes with one router, `ws`, to one service, `app`. */
export function routes({
  rule = "PathPrefix(`/ws`)",
  router = "",
  middleware,
  balancer = `servers: [${server}]`,
  routers = [],
  http = "",
  more = "",
}: Asked = {}): string {
  const through = middleware === undefined ? "" : `      middlewares: [m]\n`;
  return `http:
  routers:
    ws:
      rule: '${rule}'
      service: app
${through}      ${router}
${routers.map((line) => `    ${line}\n`).join("")}\
${middleware === undefined ? "" : `  middlewares:\n    m: {${middleware}}\n    n: {compress: {}}\n`}\
  services:
    app: {loadBalancer: {${balancer}}}
    other: {loadBalancer: {servers: [{url: "http://pages.internal"}]}}
  ${http}
${more}
`;
}

export function alone(text: string): CorpusRow["files"] {
  return { "routes.yml": text };
}

/** With the file that Traefik is started with. */
export function both(install: string, text: string): CorpusRow["files"] {
  return { "traefik.yml": `${install}\nproviders: {file: {filename: routes.yml}}\n`, "routes.yml": text };
}
