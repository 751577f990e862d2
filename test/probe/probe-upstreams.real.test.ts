/**
 * Upstreams that run: over TLS with good certificates and bad ones, beside one that is gone, and left in place.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { WebSocketServer } from "ws";
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import type { ProbeSettings } from "#wsrally/probe/probe-settings.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { faultsOf, findingOf } from "./support/find-finding.js";
import { probeArm } from "./support/probe-config.js";

const folder = mkdtempSync(join(tmpdir(), "wsrally-test-"));
const ports = { tls: 0, plain: 0, closed: 0 };
const servers: ReturnType<typeof createPlainServer>[] = [];

before(async () => {
  const certificate = await makeRunCertificate({ kind: "ec", curve: "P-256" }, ["backend.internal.example"]);
  const stranger = await makeRunCertificate({ kind: "ec", curve: "P-256" });
  writeFileSync(join(folder, "ca.crt"), certificate.caPem);
  writeFileSync(join(folder, "other-ca.crt"), stranger.caPem);
  ports.tls = await serve(createServer({ cert: certificate.certificatePem, key: certificate.keyPem }));
  ports.plain = await serve(createPlainServer());
  ports.closed = await serve(createPlainServer());
  servers.pop()?.close();
});

after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(server: ReturnType<typeof createPlainServer>): Promise<number> {
  new WebSocketServer({ server }).on("connection", (socket) =>
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

function configFile(name: string, pass: string, around = ""): string {
  const file = join(folder, `${name}.conf`);
  writeFileSync(
    file,
    `${around} server { listen 80; location /sock { ${pass} proxy_http_version 1.1;
       proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
       proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr; } }`,
  );
  return file;
}

const verify = "proxy_ssl_verify on; proxy_ssl_server_name on; proxy_ssl_trusted_certificate";
const named = "proxy_ssl_name backend.internal.example;";

/** @param servers the lines of its backend */
function haproxyFile(name: string, servers: string): string {
  const file = join(folder, `${name}.cfg`);
  writeFileSync(
    file,
    `defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 1s
listen web
  bind *:80
  option forwardfor
  ${servers}
`,
  );
  return file;
}

function armOf(configFile: string): ProbeSettings["arm"] {
  const proxy = configFile.endsWith(".cfg") ? "haproxy" : "nginx";
  return { kind: "proxy", proxy, configFile, confinedTo: null };
}

interface Row {
  readonly what: string;
  readonly pass: () => string;
  /** Whether these are lines of HAProxy's. */
  readonly isHaproxy?: true;
  readonly faults: readonly FindingId[];
  readonly says?: RegExp;
  /** Not as configured as well, where the same is looked at. */
  readonly isPrepared?: true;
}

const rows: readonly Row[] = [
  {
    what: "a certificate that nginx trusts",
    pass: () => `proxy_pass https://127.0.0.1:${ports.tls}; ${verify} ca.crt; ${named}`,
    faults: [],
  },
  {
    what: "any certificate, with proxy_ssl_verify off",
    pass: () => `proxy_pass https://127.0.0.1:${ports.tls};`,
    faults: [],
  },
  {
    what: "a certificate for another name",
    pass: () => `proxy_pass https://127.0.0.1:${ports.tls}; ${verify} ca.crt; proxy_ssl_name app.example;`,
    faults: ["upstream-tls"],
    says: /app\.example.*proxy_ssl_name/s,
    isPrepared: true,
  },
  {
    what: "a certificate of an unknown authority",
    pass: () => `proxy_pass https://127.0.0.1:${ports.tls}; ${verify} other-ca.crt; ${named}`,
    faults: ["upstream-tls"],
    says: /proxy_ssl_trusted_certificate FILE;/,
  },
  {
    what: "https:// to a plain port",
    pass: () => `proxy_pass https://127.0.0.1:${ports.plain};`,
    faults: ["upstream-tls"],
    says: /proxy_pass http:/,
    isPrepared: true,
  },
  {
    what: "a certificate that HAProxy trusts",
    isHaproxy: true,
    pass: () =>
      `server w1 127.0.0.1:${ports.tls} ssl verify required ca-file ca.crt sni str(backend.internal.example)`,
    faults: [],
  },
  {
    what: "any certificate, with verify none",
    isHaproxy: true,
    pass: () => `server w1 127.0.0.1:${ports.tls} ssl verify none`,
    faults: [],
  },
  {
    what: "a certificate for another name than verifyhost has",
    isHaproxy: true,
    pass: () => `server w1 127.0.0.1:${ports.tls} ssl verify required ca-file ca.crt verifyhost app.example`,
    faults: ["upstream-tls"],
    says: /`server w1 .*` at .*:9.*backend\.internal\.example.*|verifyhost/s,
  },
  {
    what: "a certificate of an authority that is not in ca-file",
    isHaproxy: true,
    pass: () => `server w1 127.0.0.1:${ports.tls} ssl verify required ca-file other-ca.crt`,
    faults: ["upstream-tls"],
    says: /`server w1 .*` at .*:9.*ca-file/s,
    isPrepared: true,
  },
  {
    what: "ssl to a plain port",
    isHaproxy: true,
    pass: () => `server w1 127.0.0.1:${ports.plain} ssl verify none`,
    faults: ["upstream-tls"],
    says: /speaks no TLS/,
    isPrepared: true,
  },
];

describe("TLS to an upstream that runs", { concurrency: 3 }, () => {
  for (const [index, { what, pass, isHaproxy, faults, says, isPrepared }] of rows.entries()) {
    for (const keepsUpstream of isPrepared === true ? [false] : [false, true]) {
      it(`${what}${keepsUpstream ? ", as configured" : ""}`, async () => {
        const name = `tls-${index}-${keepsUpstream}`;
        const file = isHaproxy ? haproxyFile(name, pass()) : configFile(name, pass());
        const result = await probeArm({ arm: armOf(file), keepsUpstream });
        assert.deepEqual(
          faultsOf(result),
          faults,
          JSON.stringify(result.findings.filter((one) => one.cause)),
        );
        const { status, cause, cure, evidence } = findingOf(result, "upstream-tls");
        assert.equal(status, faults.length === 0 ? "ok" : "fault");
        assert.ok(evidence.length > 0);
        if (says !== undefined) assert.match(`${cause}\n${cure}`, says);
        if (keepsUpstream && faults.length === 0) {
          assert.equal(findingOf(result, "upgrade").status, "ok");
          assert.match(findingOf(result, "message-text").evidence.join(), /came back: "ping"/);
          assert.equal(findingOf(result, "path").status, "not-tested");
        }
      });
    }
  }

  it("no ssl to a TLS port", async () => {
    const file = haproxyFile("plain-to-tls", `server w1 127.0.0.1:${ports.tls}`);
    const result = await probeArm({ arm: armOf(file) });
    assert.deepEqual(faultsOf(result), ["upstream-tls"]);
    assert.match(findingOf(result, "upstream-tls").cause ?? "", /`server w1 .*` at .*:9 has no `ssl`/);
  });

  it("http:// to a TLS port", async () => {
    const file = configFile("plain-to-tls", `proxy_pass http://127.0.0.1:${ports.tls};`);
    const result = await probeArm({
      arm: armOf(file),
    });
    assert.deepEqual(faultsOf(result), ["upstream-tls"]);
    assert.match(
      findingOf(result, "upstream-tls").cure ?? "",
      new RegExp(`proxy_pass https://127.0.0.1:${ports.tls};`),
    );
  });
});

describe("upstreams as configured", { concurrency: 3 }, () => {
  it("a closed port is a fault, in the words of nginx's log", async () => {
    const file = configFile("closed", `proxy_pass http://127.0.0.1:${ports.closed};`);
    const result = await probeArm({
      arm: armOf(file),
      keepsUpstream: true,
    });
    assert.deepEqual(faultsOf(result), ["upgrade"]);
    const { evidence, cause } = findingOf(result, "upgrade");
    assert.match(evidence.join("\n"), /proxy logged: \[error\] connect\(\) failed \(111/);
    assert.match(cause ?? "", /nobody listens where `proxy_pass http/);
  });

  it("through HAProxy likewise, by the end of its session", async () => {
    const file = haproxyFile("closed", `server w1 127.0.0.1:${ports.closed}`);
    const result = await probeArm({ arm: armOf(file), keepsUpstream: true });
    assert.deepEqual(faultsOf(result), ["upgrade"]);
    assert.match(findingOf(result, "upgrade").cause ?? "", /nobody listens where `server w1 .*` at .*:9/);
    assert.match(
      findingOf(result, "upstream").cause ?? "",
      /nothing listens where .* HAProxy would answer 503/,
    );
  });

  it("a name in a variable without a resolver is one too", async () => {
    const file = configFile("no-resolver", `set $app localhost; proxy_pass http://$app:${ports.plain};`);
    const result = await probeArm({
      arm: armOf(file),
      keepsUpstream: true,
    });
    assert.deepEqual(faultsOf(result), ["upstream", "upgrade"]);
    assert.match(
      findingOf(result, "upgrade").evidence.join("\n"),
      /no resolver defined to resolve localhost/,
    );
  });
});

it("says how many of an upstream's servers are gone", async () => {
  const group = `upstream app { server 127.0.0.1:${ports.plain}; server 127.0.0.1:${ports.closed}; }`;
  const file = configFile("one-gone", "proxy_pass http://app;", group);
  const result = await probeArm({
    arm: armOf(file),
  });
  assert.deepEqual(faultsOf(result), []);
  assert.match(findingOf(result, "upstream").title, /^1 of the upstream's 2 servers/);
});

it("says what HAProxy does without checks where one of its servers is gone", async () => {
  const file = haproxyFile(
    "one-gone",
    `server w1 127.0.0.1:${ports.plain}\n  server w2 127.0.0.1:${ports.closed}`,
  );
  const result = await probeArm({ arm: armOf(file) });
  assert.deepEqual(faultsOf(result), []);
  const { title, cause } = findingOf(result, "upstream");
  assert.match(`${title}\n${cause}`, /^1 of the upstream's 2 servers.*\nwithout `check` HAProxy/);
});

it("gets past a password that it is given", async () => {
  writeFileSync(join(folder, "htpasswd"), "ann:{PLAIN}secret\n");
  const access = `auth_basic Staff; auth_basic_user_file ${join(folder, "htpasswd")};`;
  const file = configFile("password", `proxy_pass http://127.0.0.1:${ports.plain}; ${access}`);
  const authorization = `Basic ${Buffer.from("ann:secret").toString("base64")}`;
  const arm = armOf(file);
  const [given, without] = await Promise.all([
    probeArm({ arm, headers: { Authorization: authorization } }),
    probeArm({ arm }),
  ]);
  assert.deepEqual(faultsOf(given), []);
  assert.equal(findingOf(given, "access").status, "ok");
  assert.deepEqual(faultsOf(without), ["route"]);
  assert.equal(findingOf(without, "message-large").status, "ok");
});
