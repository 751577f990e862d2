/** WebSockets over HTTP/2 against Node's own, which shares nothing with ours. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Target, ThreadReport } from "#wsrally/load/messages.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { linuxOnly } from "../linux/support/linux-only.js";
import { startHttp2Server, type WebSocketHttp2Server } from "../support/http2-server.js";
import { type AloneOptions, runThreadAlone, targetAt } from "../support/run-thread-alone.js";

type ServerOptions = Parameters<typeof startHttp2Server>[0];

interface Ran {
  readonly report: ThreadReport;
  readonly server: WebSocketHttp2Server;
}

async function runAgainst(
  options: ServerOptions,
  { target, ...alone }: AloneOptions & { target?: Partial<Target> } = {},
): Promise<Ran> {
  const server = await startHttp2Server(options);
  try {
    const asked = targetAt(server.port, { streams: 100, ...target });
    const report = await runThreadAlone(asked, {
      durationMs: 60,
      ...alone,
      job: { engine: "epoll", connections: 6, ...alone.job },
    });
    return { report, server };
  } finally {
    await server.close();
  }
}

/** `kind code` by how often. */
function failuresOf({ failures }: ThreadReport): Record<string, number> {
  return Object.fromEntries(failures.map(({ kind, code, count }) => [`${kind} ${code ?? "-"}`, count]));
}

function assertAllAnswered({ report, server }: Ran, wanted: { opened: number; tcpOpened: number }): void {
  const { opened, held, tcpOpened, counts } = report;
  assert.deepEqual(failuresOf(report), {});
  assert.deepEqual({ opened, held, tcpOpened }, { ...wanted, held: wanted.opened });
  assert.ok(counts.totalSent >= opened, `${counts.totalSent}`);
  assert.deepEqual([counts.totalReceived, server.counts.messages], [counts.totalSent, counts.totalSent]);
}

describe("WebSockets over HTTP/2", linuxOnly, () => {
  it("are as many on a connection as asked for, all messages counted at both ends, closed in order", async () => {
    const ran = await runAgainst({}, { target: { streams: 4 }, job: { connections: 10 } });
    assertAllAnswered(ran, { opened: 10, tcpOpened: 3 });
    assert.equal(ran.server.counts.closed, 10);
    const [first] = ran.server.requests;
    assert.deepEqual(
      [first?.[":method"], first?.[":protocol"], first?.[":path"], first?.["sec-websocket-version"]],
      ["CONNECT", "websocket", "/sock", "13"],
    );
    assert.equal(first?.["sec-websocket-key"], undefined);
  });

  it("are no more on a connection than the server allows", async () => {
    const ran = await runAgainst({ settings: { maxConcurrentStreams: 2 } });
    assertAllAnswered(ran, { opened: 6, tcpOpened: 3 });
  });

  it("carry large messages within small windows, both ways", async () => {
    const ran = await runAgainst(
      { settings: { initialWindowSize: 10_000 } },
      { drainMs: 10_000, job: { connections: 3, message: { kind: "payload", bytes: 20_000, binary: true } } },
    );
    assertAllAnswered(ran, { opened: 3, tcpOpened: 1 });
  });

  it("say path, fields and subprotocols of their own", async () => {
    const { server } = await runAgainst(
      {
        serve: (stream) => {
          stream.respond({ ":status": 200, "sec-websocket-protocol": "b" });
          stream.once("data", () => stream.end());
        },
      },
      {
        durationMs: 1,
        drainMs: 1,
        target: {
          path: ["/", 0],
          fields: [{ name: "X-Name", value: [1] }],
          subprotocols: ["a", "b"],
          rows: [
            ["p", "v"],
            ["q", "w"],
          ],
        },
        job: { connections: 2 },
      },
    );
    const asked = server.requests.map((one) => [one[":path"], one["x-name"], one["sec-websocket-protocol"]]);
    assert.deepEqual(asked, [
      ["/p", "v", "a, b"],
      ["/q", "w", "a, b"],
    ]);
  });

  const refusals: readonly (readonly [
    title: string,
    options: ServerOptions,
    wanted: Record<string, number>,
  ])[] = [
    [
      "a status",
      { serve: (stream) => stream.respond({ ":status": 403 }, { endStream: true }) },
      { "upgrade-status 403": 6 },
    ],
    ["RST_STREAM", { serve: (stream) => stream.close(7) }, { "stream-reset 7": 6 }],
    ["not announcing it", { settings: { enableConnectProtocol: false } }, { "http2-missing -": 6 }],
    ["allowing no streams", { settings: { maxConcurrentStreams: 0 } }, { "http2-missing -": 6 }],
    [
      "a subprotocol that was not offered",
      { serve: (stream) => stream.respond({ ":status": 200, "sec-websocket-protocol": "x" }) },
      { "upgrade-invalid -": 6 },
    ],
    [
      "GOAWAY that has seen the first",
      { serve: (stream) => stream.session?.goaway(11, 0) },
      { "goaway 11": 5, "upgrade-timeout -": 1 },
    ],
    ["silence", { serve: () => undefined }, { "upgrade-timeout -": 6 }],
  ];
  for (const [title, options, wanted] of refusals)
    it(`that are refused by ${title} are told so`, async () => {
      const { report } = await runAgainst(options, { durationMs: 1, job: { handshakeTimeoutMs: 150 } });
      assert.deepEqual(failuresOf(report), wanted, JSON.stringify(report.failures));
      assert.deepEqual([report.opened, report.failed], [0, 6]);
    });

  const onceOpen = (act: (stream: ServerHttp2Stream) => void): ServerOptions => ({
    serve: (stream) => {
      stream.respond({ ":status": 200 });
      stream.once("data", () => act(stream));
    },
  });
  const endings: readonly (readonly [
    title: string,
    options: ServerOptions,
    wanted: Record<string, number>,
  ])[] = [
    [
      "RST_STREAM",
      onceOpen((stream) => stream.destroy(new Error("broken"))),
      { "stream-reset 2": 6, "reply-missing -": 6 },
    ],
    ["the end of the stream", onceOpen((stream) => stream.end()), { "eof -": 6, "reply-missing -": 6 }],
    [
      "the end of the connection behind GOAWAY",
      onceOpen(({ session }) => {
        session?.goaway(0);
        setTimeout(() => session?.destroy(), 20);
      }),
      { "goaway 0": 6, "reply-missing -": 6 },
    ],
  ];
  for (const [title, options, wanted] of endings)
    it(`that end by ${title} are told so, each of them`, async () => {
      const { report } = await runAgainst(options, { ratePerS: 200 });
      const { "reply-missing -": missing = 0, ...others } = failuresOf(report);
      const { "reply-missing -": _, ...wantedOthers } = wanted;
      assert.deepEqual(others, wantedOthers, JSON.stringify(report.failures));
      assert.ok(missing >= 6, `${missing}`);
      assert.deepEqual([report.opened, report.held], [6, 0]);
    });

  it("come back on a new connection when theirs is lost", async () => {
    const { report, server } = await runAgainst(
      onceOpen((stream) => stream.session?.destroy()),
      {
        durationMs: 500,
        ratePerS: 50,
        job: { connections: 4, upkeep: { reconnect: "at-once" } },
      },
    );
    const { lost = 0, reopened = 0 } = report.upkeep ?? {};
    assert.ok(lost >= 4 && reopened >= 4 && server.sessions.length >= 2, JSON.stringify(report.upkeep));
    assert.equal(report.tcpOpened, server.sessions.length);
  });
});

describe("WebSockets over HTTP/2 within TLS", linuxOnly, () => {
  it("agree on h2 once a connection", async () => {
    const { caPem, certificatePem, keyPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" });
    const ran = await runAgainst(
      { tls: { cert: certificatePem, key: keyPem } },
      { target: { tls: true, caPem, hostHeader: "localhost", streams: 3 } },
    );
    assertAllAnswered(ran, { opened: 6, tcpOpened: 2 });
    assert.deepEqual(
      ran.report.tls.map(({ version, connections }) => [version, connections]),
      [["TLSv1.3", 2]],
    );
  });
});

describe("WebSockets over HTTP/2 of a server of HTTP/1.1", linuxOnly, () => {
  let server: Server;
  before(async () => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => server.close());

  it("are told to be missing", async () => {
    const { port } = server.address() as AddressInfo;
    const report = await runThreadAlone(targetAt(port, { streams: 100 }), { job: { engine: "epoll" } });
    assert.deepEqual(failuresOf(report), { "http2-missing -": 3 }, JSON.stringify(report.failures));
  });
});
