/**
 * Arms of every kind, and what one side alone can tell of servers that each break one thing.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createServer } from "node:tls";
import { WebSocketServer } from "ws";
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { type Fault, startFaultyServer } from "../support/faulty-server.js";
import { faultsOf, findingOf } from "./support/find-finding.js";
import { probeArm, probeConfig } from "./support/probe-config.js";

/** Servers that answer a text as they like, and may speak first. */
const talkers: readonly {
  readonly what: string;
  readonly greeting: string | null;
  readonly answer: (text: string) => string | null;
  readonly status: "ok" | "not-tested";
  readonly says: RegExp;
}[] = [
  { what: "echoes", greeting: null, answer: (text) => text, status: "ok", says: /came back: "ping"/ },
  {
    what: "greets and echoes",
    greeting: '{"hello":1}',
    answer: (text) => text,
    status: "ok",
    says: /"ping"/,
  },
  {
    what: "greets as Socket.IO does",
    greeting: '0{"sid":"a"}',
    answer: () => null,
    status: "not-tested",
    says: /it speaks first \("0\{.*\), and the text ping was not sent back/,
  },
  {
    what: "answers something else",
    greeting: null,
    answer: () => '{"error":"no JSON"}',
    status: "not-tested",
    says: /something else than the text ping \("\{.*no JSON/,
  },
  {
    what: "says nothing",
    greeting: null,
    answer: () => null,
    status: "not-tested",
    says: /was not answered/,
  },
];

describe("a text to a server that is somebody else's", { concurrency: 5 }, () => {
  for (const { what, greeting, answer, status, says } of talkers) {
    it(`that ${what} is ${status}`, async () => {
      const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
      await once(server, "listening");
      server.on("connection", (socket) => {
        if (greeting !== null) socket.send(greeting);
        socket.on("message", (data) => {
          const text = answer(String(data));
          if (text !== null) socket.send(text);
        });
      });
      try {
        const { port } = server.address() as AddressInfo;
        const result = await probeArm({ arm: { kind: "url", url: `ws://127.0.0.1:${port}/` } });
        const found = findingOf(result, "message-text");
        assert.equal(found.status, status);
        assert.match([found.cause, ...found.evidence].join("\n"), says);
      } finally {
        for (const socket of server.clients) socket.terminate();
        server.close();
      }
    });
  }
});

describe("arms without a fault", { concurrency: 2 }, () => {
  for (const kind of ["direct", "embedded"] as const) {
    it(kind, async () => {
      const result = await probeArm({ arm: { kind } });
      assert.deepEqual(faultsOf(result), []);
      for (const id of ["upgrade", "path", "message-large", "slow-client", "close-from-backend"] as const) {
        assert.equal(findingOf(result, id).status, "ok", id);
      }
    });
  }

  it("nginx's built-in config, over TLS too", async () => {
    const result = await probeArm({ set: { tls: "on" } });
    assert.deepEqual(
      result.findings.filter(({ status }) => status === "fault" || status === "warning"),
      [],
    );
    assert.equal(findingOf(result, "tls-certificate").status, "ok");
  });
});

describe("a URL, from one side", { concurrency: 3 }, () => {
  const rows: readonly {
    fault: Fault;
    faults: readonly FindingId[];
    /** Of the first fault or the warning: evidence and cause. */
    says?: RegExp;
    warns?: FindingId;
  }[] = [
    { fault: "none", faults: [] },
    { fault: "answers-200", faults: ["upgrade"], says: /does not pass Upgrade and Connection on/ },
    { fault: "mute-handshake", faults: ["upgrade"] },
    { fault: "ends-before-upgrade", faults: ["upgrade"] },
    { fault: "wrong-accept", faults: ["upgrade"] },
    { fault: "never-answers", faults: [], warns: "control-frames" },
    {
      fault: "says-random-bytes",
      faults: ["frames"],
      says: /64 bytes, the first [0-9a-f ]{47}\nin them: \w/,
    },
    { fault: "says-1-gb", faults: ["frames"], says: /10 bytes, .*\nin them: a message of more than 64 MiB/ },
    { fault: "announces-1-gb", faults: ["frames"], says: /in them: a message of more than 64 MiB/ },
    { fault: "closes-with-latin1", faults: ["frames"], says: /in them: the close reason is not UTF-8/ },
    { fault: "answers-not-utf8", faults: ["frames"], says: /in them: the text is not UTF-8/ },
    { fault: "masked-frames", faults: ["frames"], says: /in them: the server's frame is masked/ },
    { fault: "floods-empty-frames", faults: [], warns: "frames", says: /\n1\d\d,\d{3} messages; what came/ },
    { fault: "floods-pings", faults: [], warns: "frames", says: /\n1\d\d,\d{3} pings; what came/ },
    {
      fault: "answers-endless-head",
      faults: ["upgrade"],
      says: /head is too long, 1,\d{3},\d{3} bytes and no end/,
    },
    { fault: "answers-long-head", faults: ["upgrade"], says: /the head is too long, 20,041 bytes/ },
  ];
  for (const { fault, faults, says, warns } of rows) {
    it(fault, async () => {
      const server = await startFaultyServer(fault);
      try {
        const result = await probeArm({ arm: { kind: "url", url: `ws://127.0.0.1:${server.port}/sock` } });
        assert.deepEqual(faultsOf(result), faults);
        for (const id of faults) assert.equal(findingOf(result, id).side, "unknown");
        if (says !== undefined) {
          const { evidence, cause } = findingOf(result, faults[0] ?? warns ?? "upgrade");
          assert.match([...evidence, cause].join("\n"), says);
        }
        if (warns !== undefined) assert.equal(findingOf(result, warns).status, "warning");
        assert.equal(findingOf(result, "path").status, "not-tested");
      } finally {
        await server.close();
      }
    });
  }

  it("wss:// to a plain port, and nobody there", async () => {
    const server = await startFaultyServer("answers-200");
    const { port } = server;
    const tls = await probeArm({ arm: { kind: "url", url: `wss://127.0.0.1:${port}/` } });
    await server.close();
    const nobody = await probeArm({ arm: { kind: "url", url: `ws://127.0.0.1:${port}/` } });
    assert.deepEqual(faultsOf(nobody), ["unreachable"]);
    // This server answers whatever it is sent, a TLS handshake included.
    assert.deepEqual(faultsOf(tls), ["tls-scheme"]);
  });
});

it("ws:// to a TLS port", async () => {
  const { certificatePem: cert, keyPem: key } = await makeRunCertificate({ kind: "ec", curve: "P-256" });
  const server = createServer({ cert, key });
  // Plain HTTP is a TLS client's fault to it, and none of this test's.
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const result = await probeArm({ arm: { kind: "url", url: `ws://127.0.0.1:${port}/` } });
    assert.deepEqual(faultsOf(result), ["tls-scheme"]);
    const trusting = await probeArm({ arm: { kind: "url", url: `wss://127.0.0.1:${port}/` } });
    assert.deepEqual(faultsOf(trusting), ["tls-certificate"]);
  } finally {
    server.close();
  }
});

describe("what cannot be waited for", { concurrency: 2 }, () => {
  it("--idle scales proxy_read_timeout down and measures it; any traffic keeps the connection", async () => {
    const result = await probeConfig("good-site.conf", { idle: true });
    const idle = findingOf(result, "idle-timeout");
    assert.equal(idle.status, "warning");
    assert.match(idle.evidence.join("\n"), /60s by default; scaled down to 2 s.*\n.*ended after/);
    assert.match(idle.cause ?? "", /proxy_read_timeout/);
    assert.equal(findingOf(result, "idle-rearm").status, "ok");
  });

  it("an hour is long enough", async () => {
    const result = await probeConfig("good-long-timeout.conf", { idle: true });
    const idle = findingOf(result, "idle-timeout");
    assert.equal(idle.status, "ok");
    assert.match(idle.evidence.join("\n"), /proxy_read_timeout 1h.*\n.*ended after/);
  });

  for (const [file, words] of [
    ["worker-connections.conf", /room for 31 WebSockets, at 2 connections each\n.*: 31 opened/],
    ["own-server.conf", /room for 11 WebSockets, at 4 connections each\n.*: 11 opened/],
  ] as const) {
    it(`foretells worker_connections of ${file} exactly`, async () => {
      const result = await probeConfig(file, { quick: false });
      assert.match(findingOf(result, "worker-connections").evidence.join("\n"), words);
    });
  }
});

describe("the certificate as written", () => {
  const rows = [
    [
      "site.conf",
      `server { listen 443 ssl; server_name app.example.com; ssl_certificate site.crt; ssl_certificate_key site.key;
         location / { proxy_pass http://127.0.0.1:8080; proxy_http_version 1.1;
         proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; proxy_set_header Host $host; } }`,
      ["tls-certificate"],
    ],
    ["file.cfg", haproxyConfig("crt site.pem"), ["tls-certificate"]],
    ["folder.cfg", haproxyConfig("crt certs"), ["tls-certificate"]],
    ["list.cfg", haproxyConfig("crt-list list.txt"), ["tls-certificate"]],
    ["no-list.cfg", haproxyConfig("crt-list none.txt"), []],
  ] as const;
  for (const [name, text, faults] of rows) {
    it(`is held against the names that ${name} serves`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "wsrally-test-"));
      try {
        const { certificatePem, keyPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" });
        writeFileSync(join(folder, "site.crt"), certificatePem);
        writeFileSync(join(folder, "site.key"), keyPem);
        writeFileSync(join(folder, "site.pem"), `${certificatePem}\n${keyPem}`);
        writeFileSync(
          join(folder, "list.txt"),
          "# By name\nother.pem other.example.com\nsite.pem [alpn h2] *.example.com\n",
        );
        mkdirSync(join(folder, "certs"));
        copyFileSync(join(folder, "site.pem"), join(folder, "certs", "site.pem"));
        copyFileSync(join(folder, "site.key"), join(folder, "certs", "site.key"));
        const configFile = join(folder, name);
        writeFileSync(configFile, text);
        const proxy = name.endsWith(".cfg") ? "haproxy" : "nginx";
        const result = await probeArm({
          arm: { kind: "proxy", proxy, configFile, confinedTo: null },
          insecure: true,
        });
        assert.deepEqual(faultsOf(result), faults);
        const { status, title, cause } = findingOf(result, "tls-certificate");
        assert.equal(status, faults.length > 0 ? "fault" : "not-tested");
        assert.match(
          `${title}\n${cause}`,
          faults.length > 0 ? /not for app\.example\.com/ : /none\.txt cannot/,
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

function haproxyConfig(certificate: string): string {
  return `defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 1s
frontend web
  bind *:443 ssl ${certificate}
  use_backend sockets if { hdr(host) -i app.example.com }
backend sockets
  option forwardfor
  server w1 127.0.0.1:8080
`;
}
