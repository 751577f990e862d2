import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { maskHeader, maskText, maskUrl } from "#wsrally/base/mask-secrets.js";
import { Secrets } from "#wsrally/base/secrets.js";
import { fc } from "../support/seeded-fast-check.js";

type Row = readonly [given: string, shown: string];

const urls: readonly Row[] = [
  ["ws://user:PASS@127.0.0.1:9101/?token=TOK", "ws://***@127.0.0.1:9101/?token=***"],
  ["wss://user@h/", "wss://***@h/"],
  ["wss://a@b:c@h/x", "wss://***@h/x"],
  ["wss://h/x?a=1&b=&c=2#f", "wss://h/x?a=***&b=&c=***#f"],
  ["wss://h/x?eyJhbGciOi", "wss://h/x?***"],
  ["wss://h/x", "wss://h/x"],
  ["wss://h/a@b?c", "wss://h/a@b?***"],
  ["/sock?token=x", "/sock?token=***"],
  ["/sock?id=$arg_id&t=$x$y", "/sock?id=$arg_id&t=$x$y"],
  ["/sock", "/sock"],
  ["", ""],
];

const headers: readonly (readonly [name: string, given: string, shown: string])[] = [
  ["Authorization", "Bearer abc", "Bearer ***"],
  ["authorization", "abc", "***"],
  ["Proxy-Authorization", "Basic dXNlcjpwYXNz", "Basic ***"],
  ["Authorization", "$http_authorization", "$http_authorization"],
  ["Cookie", "a=1; b=two", "a=***; b=***"],
  ["Set-Cookie", "sid=abc; Path=/; HttpOnly; Max-Age=60", "sid=***; Path=/; HttpOnly; Max-Age=60"],
  ["X-Api-Key", "abc", "***"],
  ["X-Auth-Token", "abc", "***"],
  ["Location", "https://h/login?next=/a&state=abc", "https://h/login?next=***&state=***"],
  [
    "Sec-WebSocket-Protocol",
    "mqtt, v12.stomp, graphql-transport-ws",
    "mqtt, v12.stomp, graphql-transport-ws",
  ],
  ["Sec-WebSocket-Protocol", "access_token, abc.def", "***, ***"],
  ["Sec-WebSocket-Protocol", "wsrally.probe, wsrally.other", "wsrally.probe, wsrally.other"],
  ["Host", "example.com:8080", "example.com:8080"],
  ["Upgrade", "websocket", "websocket"],
];

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl";
const texts: readonly Row[] = [
  [
    '2026/01/01 00:00:00 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /sock?token=TOK HTTP/1.1", upstream: "http://127.0.0.1:9/sock?token=TOK", host: "127.0.0.1:8"',
    '2026/01/01 00:00:00 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /sock?token=*** HTTP/1.1", upstream: "http://127.0.0.1:9/sock?token=***", host: "127.0.0.1:8"',
  ],
  ["Cannot use ws://u:p@h/?a=b: why", "Cannot use ws://***@h/?a=*** why"],
  ['{"error":"bad","token":"abc", "n": 1}', '{"error":"bad","token":"***", "n": 1}'],
  ['says "{\\"token\\":\\"abc\\", \\"n\\":1}"', 'says "{\\"token\\":\\"***\\", \\"n\\":1}"'],
  ['{"secret":"a\\"b","n":1}', '{"secret":"***","n":1}'],
  ["x=token=abc", "x=token=***"],
  ["access_token=abc&x=1", "access_token=***&x=1"],
  ["DB_PASSWORD='a b' make", "DB_PASSWORD='***' make"],
  ["Authorization: Bearer abc.def-123", "Authorization: Bearer ***"],
  ["Authorization: sesame", "Authorization: ***"],
  [`got ${jwt}.`, "got ***."],
  ["postgres://a:b@db/x", "postgres://***@db/x"],
  ["example.com/x?key=1 is asked", "example.com/x?key=*** is asked"],
];

/** What is no secret, though it looks a little like one. */
const plain: readonly string[] = [
  "server_tokens=off",
  "want Basic authentication, or a Bearer token",
  "is it so? yes=no",
  "p99 < 20ms && failures == 0",
  "rewrite ^/old(.*)$ /new?$1 last",
  "location ~ ^/x(\\?.*)?$",
  "HTTP/1.1 401 Unauthorized",
  "proxy_pass http://127.0.0.1:8080/sock",
  "mail@example.com",
  "the subprotocol mqtt passes both ways",
  "12 messages a second at 3:00",
];

describe("maskUrl()", () => {
  for (const [given, shown] of urls) {
    it(`shows ${given} as ${shown}`, () => {
      assert.equal(maskUrl(given), shown);
      assert.equal(maskUrl(shown), shown);
    });
  }
});

describe("maskHeader()", () => {
  for (const [name, given, shown] of headers) {
    it(`shows ${name}: ${given} as ${shown}`, () => {
      assert.equal(maskHeader(name, given), shown);
      assert.equal(maskHeader(name, shown), shown);
    });
  }
});

describe("maskText()", () => {
  for (const [given, shown] of texts) {
    it(`shows ${given.slice(0, 60)} as ${shown.slice(0, 60)}`, () => {
      assert.equal(maskText(given), shown);
      assert.equal(maskText(shown), shown);
    });
  }

  it("hides what shows as a secret only when another is hidden", () => {
    assert.equal(maskText("token=http://&http://a:b@"), "token=***&http://***@");
  });

  for (const text of plain) {
    it(`leaves ${text} as it is`, () => assert.equal(maskText(text), text));
  }

  it("changes nothing when it is applied again, whatever the text", () => {
    const piece = fc.constantFrom(
      ...[
        "http://",
        "a:b@",
        "h/",
        "?",
        "a=b",
        "&",
        "token=",
        '"',
        "'",
        ": ",
        "Bearer ",
        "abc123xyz",
        " ",
        "***",
        "=",
        jwt,
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        const once = maskText(parts.join(""));
        assert.equal(maskText(once), once);
      }),
      { numRuns: 3000 },
    );
  });

  it("takes no longer for a word as long as a file", () => {
    for (const letter of ["a", "/", "?", "=", ":", "a=", "a/?", "x://", "Bearer "]) {
      maskText(letter.repeat(200_000));
    }
  });
});

describe("Secrets", () => {
  it("are hidden wherever they stand, as they travel", () => {
    const secrets = new Secrets()
      .addUrl("ws://u:hunter2!@h/?ticket=a%2Fb-12345&room=lobby")
      .addHeader("X-Tenant", "quux-4711")
      .addHeader("Authorization", `Basic ${Buffer.from("me:sesame-open").toString("base64")}`)
      .addHeader("Cookie", "sid=abcdef; theme=dark1")
      .addHeader("Sec-WebSocket-Protocol", "mqtt, s3cr3t-ticket");
    const shown = secrets.hide(
      'in lobby: a/b-12345 a%2Fb-12345 quux-4711 "sesame-open" abcdef s3cr3t-ticket hunter2! over mqtt',
    );
    assert.equal(shown, 'in lobby: *** *** *** "***" *** *** *** over mqtt');
    assert.deepEqual(secrets.hideIn({ a: ["quux-4711", 1, null] }), { a: ["***", 1, null] });
  });
});
