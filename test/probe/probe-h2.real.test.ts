/**
 * WebSockets over HTTP/2: what the real proxies announce and what becomes of it, and what one side alone can tell of servers
 * that each break one thing.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Finding, FindingId } from "#wsrally/diagnosis/finding.js";
import type { ProbeSettings } from "#wsrally/probe/probe-settings.js";
import { makeRunCertificate, type RunCertificate } from "#wsrally/proxy/run-certificate.js";
import { acceptFor } from "#wsrally/websocket/accept-key.js";
import { withFolder } from "../support/with-folder.js";
import { faultsOf, findingOf } from "./support/find-finding.js";
import { probeArm } from "./support/probe-config.js";

interface Wanted {
  readonly id: FindingId;
  readonly status: Finding["status"];
  /** Of title, evidence, cause and cure. */
  readonly says: RegExp;
}

async function holds(settings: Partial<ProbeSettings>, wanted: readonly Wanted[]): Promise<void> {
  const result = await probeArm(settings);
  for (const { id, status, says } of wanted) {
    const { title, evidence, cause, cure, ...found } = findingOf(result, id);
    const words = [title, ...evidence, cause, cure].join("\n");
    assert.equal(found.status, status, words);
    assert.match(words, says);
  }
  const faults = wanted.filter(({ status }) => status === "fault").map(({ id }) => id);
  assert.deepEqual(faultsOf(result), faults);
}

/** An Envoy that announces them. @param route what its route has besides */
function envoyConfig(route: string): string {
  const type = "type.googleapis.com/envoy.extensions.filters";
  return `static_resources:
  listeners:
  - address: {socket_address: {address: 0.0.0.0, port_value: 8080}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": ${type}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: web
          upgrade_configs: [{upgrade_type: websocket}]
          http2_protocol_options:
            allow_connect: true
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route: {cluster: app}
${route}
          http_filters: [{name: router, typed_config: {"@type": ${type}.http.router.v3.Router}}]
  clusters:
  - name: app
    load_assignment:
      cluster_name: app
      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 3000}}}}]}]
`;
}

const ownKey = `                request_headers_to_add:
                - header: {key: sec-websocket-key, value: "d3NyYWxseS1oMi1rZXkuLg=="}
                  append_action: ADD_IF_ABSENT`;

const announced = {
  id: "h2-websocket-announced",
  status: "ok",
  says: /announced: browsers will use them/,
} as const;

describe("a proxy that announces WebSockets over HTTP/2", { concurrency: 2 }, () => {
  const xconnect = { tls: "on", GODEBUG: "http2xconnect=1" };

  it("Traefik refuses them: its Go announces what it does not pass on", () =>
    holds({ arm: { kind: "proxy", proxy: "traefik", configFile: null }, set: xconnect }, [
      announced,
      {
        id: "h2-websocket-refused",
        status: "fault",
        says: /refused \(:status 50[01]\)\n.*\nbackend received: nothing/,
      },
    ]));

  it("Caddy takes them, with a key of its own", () =>
    holds({ arm: { kind: "proxy", proxy: "caddy", configFile: null }, set: xconnect }, [
      announced,
      {
        id: "h2-websocket-key-missing",
        status: "ok",
        says: /Upgrade: websocket, a Sec-WebSocket-Key\ncame back: :status 200/,
      },
      { id: "h2-websocket-stream-limit", status: "ok", says: /MAX_CONCURRENT_STREAMS = 250/ },
      { id: "h2-websocket-slow-stream", status: "not-tested", says: /left out by --quick/ },
    ]));

  for (const [what, route, wanted] of [
    [
      "passes no key on",
      "",
      {
        id: "h2-websocket-key-missing",
        status: "warning",
        says: /no Sec-WebSocket-Key\ncame back: :status 400\nwith a key [^:]*: :status 200\n.*`allow_connect: true` at \S*envoy\.yaml:12.*in the route for \/ at \S*:18/s,
      },
    ],
    [
      "has one where the cure is pasted",
      ownKey,
      { id: "h2-websocket-key-missing", status: "ok", says: /a Sec-WebSocket-Key\ncame back: :status 200/ },
    ],
  ] as const)
    it(`Envoy ${what}`, () =>
      withFolder(async (folder) => {
        const configFile = join(folder, "envoy.yaml");
        writeFileSync(configFile, envoyConfig(route));
        await holds({ arm: { kind: "proxy", proxy: "envoy", configFile, confinedTo: null } }, [wanted]);
      }));
});

interface UrlRow {
  readonly what: string;
  readonly settings: { readonly enableConnectProtocol: boolean; readonly maxConcurrentStreams?: number };
  readonly answers: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
  readonly wanted: readonly Wanted[];
}

const opens = (stream: ServerHttp2Stream): void => stream.respond({ ":status": 200 }, { endStream: false });

const urlRows: readonly UrlRow[] = [
  {
    what: "announces them and opens them",
    settings: { enableConnectProtocol: true },
    answers: opens,
    wanted: [
      announced,
      { id: "h2-websocket-refused", status: "ok", says: /:status 200/ },
      { id: "h2-websocket-stream-limit", status: "ok", says: /no limit on streams/ },
      { id: "h3-announced", status: "ok", says: /came back: Alt-Svc: h3=":443"; ma=60/ },
    ],
  },
  {
    what: "announces them, few on a connection",
    settings: { enableConnectProtocol: true, maxConcurrentStreams: 8 },
    answers: opens,
    wanted: [{ id: "h2-websocket-stream-limit", status: "warning", says: /no more than 8 WebSockets/ }],
  },
  {
    what: "announces them and resets them",
    settings: { enableConnectProtocol: true },
    answers: (stream) => stream.close(7),
    wanted: [{ id: "h2-websocket-refused", status: "fault", says: /RST_STREAM \(REFUSED_STREAM\)/ }],
  },
  {
    what: "announces them, and wants a key",
    settings: { enableConnectProtocol: true },
    answers: (stream, { "sec-websocket-key": key }) =>
      key === undefined ? stream.respond({ ":status": 400 }, { endStream: true }) : opens(stream),
    wanted: [
      {
        id: "h2-websocket-key-missing",
        status: "fault",
        says: /:status 400\nwith a key [^:]*: :status 200/,
      },
    ],
  },
  {
    what: "announces them and refuses them, key or no key",
    settings: { enableConnectProtocol: true },
    answers: (stream) => stream.respond({ ":status": 400 }, { endStream: true }),
    wanted: [{ id: "h2-websocket-refused", status: "fault", says: /refused \(:status 400\)/ }],
  },
  {
    what: "announces them and ends the connection",
    settings: { enableConnectProtocol: true },
    answers: (stream) => stream.session?.destroy(),
    wanted: [{ id: "h2-websocket-refused", status: "fault", says: /ended without an answer/ }],
  },
  {
    what: "does not announce them",
    settings: { enableConnectProtocol: false },
    answers: (stream) => stream.close(1),
    wanted: [
      { id: "h2-websocket-announced", status: "ok", says: /SETTINGS without ENABLE_CONNECT_PROTOCOL/ },
      { id: "h2-websocket-refused", status: "not-tested", says: /not announced/ },
    ],
  },
];

describe("a URL over TLS that", { concurrency: 5 }, () => {
  let certificate: RunCertificate;
  before(async () => {
    certificate = await makeRunCertificate({ kind: "ec", curve: "P-256" });
  });

  for (const { what, settings, answers, wanted } of urlRows)
    it(what, async () => {
      const server = await startServer(certificate, settings, answers);
      try {
        const { port } = server.address() as AddressInfo;
        await holds({ arm: { kind: "url", url: `wss://127.0.0.1:${port}/` }, insecure: true }, wanted);
      } finally {
        server.close();
      }
    });
});

async function startServer(
  { certificatePem: cert, keyPem: key }: RunCertificate,
  settings: UrlRow["settings"],
  answers: UrlRow["answers"],
): Promise<Http2SecureServer> {
  const server = createSecureServer({ cert, key, allowHTTP1: true, settings });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    if (headers[":method"] === "CONNECT") answers(stream, headers);
    else stream.respond({ ":status": 426, "alt-svc": 'h3=":443"; ma=60' }, { endStream: true });
  });
  server.on("connect", () => undefined);
  server.on("request", (request, response) => {
    if (request.httpVersionMajor === 1) response.writeHead(404).end();
  });
  server.on("upgrade", (request, socket: Socket) => {
    const accept = acceptFor(request.headers["sec-websocket-key"] ?? "");
    socket.on("error", () => undefined);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    // Whatever it is told, it has had enough of it.
    socket.on("data", () => socket.end(Buffer.from([0x88, 0x00])));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
