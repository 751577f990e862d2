/**
 * What came when: the table against the nginx at hand, and what becomes of a config that is written for another one.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { familyOfDirective } from "#wsrally/proxy/nginx/adopt/module-families.js";
import { isAtLeast } from "#wsrally/proxy/nginx/explain/nginx-versions.js";
import { gapWords, versionGap, withoutEntry } from "#wsrally/proxy/nginx/explain/version-gap.js";
import { type HistoryEntry, nginxHistory } from "#wsrally/proxy/nginx/language/nginx-history.js";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { withFolder } from "../../support/with-folder.js";

const { path: program, version } = await findNginx();
const run = promisify(execFile);

/** Lines with a word that came or went, by the word. */
const samples: Readonly<Record<string, string>> = {
  "/^spdy$/": "server { listen 80 spdy; }",
  "/^multipath$/": "server { listen 80 multipath; }",
  "/^(resolve|service=.*)$/":
    "resolver 127.0.0.1; upstream u { zone u 64k; server app.invalid:80 resolve; } server { location / { proxy_pass http://u; } }",
  "/^(route=.*|drain)$/": "upstream u { server 127.0.0.1:80 drain; server 127.0.0.1:81; }",
  "/^local$/": "upstream u { server 127.0.0.1:80; keepalive 32 local; }",
  "/^2$/": "server { location / { proxy_pass http://127.0.0.1; proxy_http_version 2; } }",
  "/^ipv4=/": "resolver 127.0.0.1 ipv4=on;",
};

/** Null when nginx finds nothing wrong with the lines. */
async function refusalOf(lines: string, folder: string): Promise<string | null> {
  writeFileSync(join(folder, "nginx.conf"), `events { }\nhttp {\n${lines}\n}\nend_of_it;\n`);
  const failed = await run(program, ["-t", "-p", `${folder}/`, "-c", "nginx.conf"]).catch(
    (thrown: { stderr: string }) => thrown,
  );
  const words = /\[emerg\] (?:\d+#\d+: )?(.+)$/m.exec(failed.stderr)?.[1] ?? "";
  return words.includes('"end_of_it"') ? null : words;
}

function isTaken({ since, until }: HistoryEntry): boolean {
  return (
    (since === undefined || isAtLeast(version, since)) && (until === undefined || !isAtLeast(version, until))
  );
}

/** Distributions carried it back into versions of theirs, for it ended an attack. */
const carriedBack = new Set(["max_headers"]);

/** Of a module that a small build may do without. */
function isOptional({ directive }: HistoryEntry): boolean {
  return familyOfDirective(directive) !== null || /^(xml_|grpc_|scgi_|uwsgi_)/.test(directive);
}

describe(`nginx's history on nginx ${version}`, () => {
  const whole = nginxHistory.filter(({ word, within }) => word === undefined && within === undefined);

  it("has the directives that this nginx knows, and has not those that it does not", async () => {
    await withFolder(async (folder) => {
      for (const entry of whole.filter((one) => !isOptional(one))) {
        const words = await refusalOf(`${entry.directive} x;`, folder);
        const isKnown = !words?.startsWith("unknown directive");
        const isCarriedBack = isKnown && carriedBack.has(entry.directive);
        assert.equal(isKnown, isTaken(entry) || isCarriedBack, `${entry.directive}: ${words}`);
      }
    });
  });

  it("has the words that this nginx takes, and explains its refusal of the others", async () => {
    await withFolder(async (folder) => {
      for (const entry of nginxHistory) {
        const lines = samples[String(entry.word)];
        if (lines === undefined) continue;
        const words = await refusalOf(lines, folder);
        assert.equal(words === null, isTaken(entry), `${lines}: ${words}`);
        if (words === null) continue;
        const file = join(folder, "nginx.conf");
        const tree = parseNginxConfig(`events { }\nhttp {\n${lines}\n}`, file);
        const gap = versionGap(words, tree, version);
        assert.ok(gap, words);
        assert.match(
          gapWords(gap, version),
          new RegExp(`${entry.since ?? entry.until}, and this is ${version}`),
        );
      }
    });
  });
});

/** What nginx says, the config, its version, what is to be told. */
const gaps: readonly (readonly [words: string, text: string, version: string, told: RegExp])[] = [
  [
    'unknown directive "http2" in a.conf:1',
    "server { listen 443 ssl reuseport; listen 443 quic; http2 on; }",
    "1.24.0",
    /`http2` came with nginx 1\.25\.1, and this is 1\.24\.0.*listen 443 ssl reuseport http2;$/s,
  ],
  [
    'unknown directive "http2" in a.conf:1',
    "server { listen 443 ssl; http2 off; }",
    "1.18.0",
    /take the line out: it is off/,
  ],
  [
    'unknown directive "ssl" in a.conf:1',
    "server { listen 443 default_server; ssl on; }",
    "1.31.3",
    /`ssl` was taken out in nginx 1\.25\.1.*listen 443 default_server ssl;$/s,
  ],
  [
    '"resolver" directive is not allowed here in a.conf:1',
    "upstream u { server app:80; resolver 127.0.0.11; }",
    "1.26.0",
    /`resolver` in upstream \{ \} came with nginx 1\.27\.3.*in http/s,
  ],
  [
    'invalid number of arguments in "keepalive" directive in a.conf:1',
    "upstream u { server app:80; keepalive 16 local; }",
    "1.28.0",
    /`local` of `keepalive` came with nginx 1\.29\.7/,
  ],
  [
    'unknown "ssl_alpn_protocol" variable in a.conf:1',
    "log_format x $ssl_alpn_protocol;",
    "1.20.0",
    /`\$ssl_alpn_protocol` came with nginx 1\.21\.4/,
  ],
  [
    'host not found in resolver "ipv4=off" in a.conf:1',
    "resolver 127.0.0.1 ipv4=off;",
    "1.22.1",
    /`ipv4=off` of `resolver` came with nginx 1\.23\.1/,
  ],
];

describe("versionGap()", () => {
  for (const [words, text, at, told] of gaps) {
    it(`tells on ${at}: ${words}`, () => {
      const gap = versionGap(words, parseNginxConfig(text, "a.conf"), at);
      assert.ok(gap);
      assert.match(`${gapWords(gap, at)}\n${gap.instead}`, told);
    });
  }

  it("tells nothing of what this version takes, nor of another directive of the line", () => {
    const tree = parseNginxConfig("server { http2 on; htp2 on; }", "a.conf");
    assert.equal(versionGap('unknown directive "http2" in a.conf:1', tree, "1.25.1"), null);
    assert.equal(versionGap('unknown directive "htp2" in a.conf:1', tree, "1.24.0"), null);
  });

  it("leaves out what no WebSocket meets, and nothing else", () => {
    const tree = parseNginxConfig("server { early_hints $x; http2 on; }", "a.conf");
    for (const [name, isLeftOut] of [
      ["early_hints", true],
      ["http2", false],
    ] as const) {
      const gap = versionGap(`unknown directive "${name}" in a.conf:1`, tree, "1.18.0");
      const left = gap?.entry == null ? null : withoutEntry(tree, gap.entry);
      assert.deepEqual(left?.[0]?.block?.map((node) => node.name) ?? null, isLeftOut ? ["http2"] : null);
    }
  });
});
