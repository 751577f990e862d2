/**
 * The corpus: for each config what an upgrade through it comes to, and what HAProxy's driver must say of it. `says` is of
 * cause or cure; nothing may be advised but what `advises` names.
 */
import type { FindingId } from "#wsrally/diagnosis/finding.js";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";

export interface CorpusRow {
  readonly file: string;
  readonly path?: string;
  /** Of the answer; null for an end without one. */
  readonly status?: number | null;
  /** Where the request arrives, if not where it was sent to. */
  readonly arrives?: string;
  /** What a probe would see; made of the answer where it is not given. */
  readonly symptom?: Symptom;
  readonly says?: RegExp;
  readonly not?: RegExp;
  readonly idleS?: number | null;
  readonly room?: number | null;
  readonly advises?: readonly FindingId[];
  /** Of all that is advised. */
  readonly tells?: RegExp;
  /** Among the changes that are listed. */
  readonly changes?: RegExp;
  /** Refused, by wsrally or by HAProxy, with these words and place. */
  readonly refused?: RegExp;
  /** In a gate: null for well, unless it is said otherwise. */
  readonly confined?: RegExp;
}

function good(file: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { file: `good-${file}`, status: 101, idleS: 3600, ...more };
}

function refused(file: string, words: RegExp, says?: RegExp): CorpusRow {
  return { file: `refused-${file}`, refused: words, ...(says === undefined ? {} : { says }) };
}

const lost: Symptom = { kind: "upgrade-lost", upgrade: null, connection: null };

export const corpus: readonly CorpusRow[] = [
  good("site", {
    room: 4000,
    changes: /`server w1 10\.0\.0\.2:9000` is wsrally's backend instead \(.*good-site\.cfg:27\)/,
  }),
  good("listen", { changes: /The server's `check` was left out/ }),
  good("tls", { changes: /`crt \/etc\/haproxy\/site\.pem` is the run's own certificate instead/ }),
  good("crt-list", {
    room: 4000,
    changes: /`crt-list \/etc\/haproxy\/certs\.list` is the run's own certificate instead/,
  }),
  good("upgrade-acl"),
  good("httpclose"),
  good("named-defaults", { idleS: 7200 }),
  good("env"),
  good("conditions"),
  good("map"),
  good("acl-file"),
  good("template", { room: 1500, changes: /`resolvers dns` was left out/ }),
  good("hop", { idleS: 30 }),
  good("tcp"),
  good("sticky-cookie", { path: "/socket.io/?EIO=4" }),
  good("names", {
    changes:
      /`source 10\.0\.0\.5` was left out[\s\S]*`except lb[^\n]* was left out: no name is looked up[\s\S]*`office\.example\.com` is 192\.0\.2\.1 here/,
    confined: /office\.example\.com|lb\.example\.com|do-resolve/,
  }),
  good("no-maxconn", { room: null, tells: /no `maxconn` is set/ }),
  good("full", {
    advises: ["upstream", "limit-req"],
    changes: /`program side` was left out: no program of the config runs/,
  }),
  good("upstream-tls"),
  good("quoting", { path: "/ws" }),
  good("set-path"),
  good("no-option"),
  good("limits", { room: 500 }),
  good("regex"),
  {
    file: "upgrade-deleted",
    status: 426,
    symptom: lost,
    says: /del-header Upgrade` at .*upgrade-deleted\.cfg:18/,
  },
  {
    file: "connection-close",
    status: 426,
    symptom: lost,
    says: /set-header Connection close` at .*:21[\s\S]*unless \{ req\.hdr\(Upgrade\) -m found \}/,
  },
  { file: "connection-deleted", status: 426, symptom: lost, says: /del-header Connection` at .*:21/ },
  { file: "upgrade-replaced", symptom: lost, says: /replace-header Upgrade \.\* none` at .*:18/ },
  {
    file: "key-deleted",
    symptom: { kind: "key-lost", log: [] },
    says: /del-header Sec-WebSocket -m beg` at .*:18/,
  },
  { file: "acl-case", status: 200, advises: ["route"], says: /return status 200/ },
  {
    file: "acl-keep-alive",
    status: 503,
    says: /takes keep-alive out of Connection[\s\S]*hdr\(Connection\) -i upgrade/,
  },
  { file: "acl-path-case", path: "/ws", status: 503, says: /upper and lower case[\s\S]*path_beg -i \/WS/ },
  { file: "acl-host-port", status: 101, not: /./ },
  {
    file: "no-backend",
    path: "/other",
    status: 503,
    says: /no rule of `frontend web` .* holds for \/other .*no default_backend/,
  },
  { file: "no-server", status: 503, says: /`backend sockets` at .*:20 has no server/ },
  {
    file: "server-disabled",
    status: 503,
    says: /switched off: `server w1 10\.0\.0\.2:9000 disabled` at|switched off: `server w1 \S+ disabled` at/,
  },
  {
    file: "path-set",
    status: 101,
    arrives: "/other",
    says: /set-path \/other` at .*:21 makes \/other of \/sock/,
  },
  {
    file: "path-replaced",
    path: "/ws/room",
    status: 101,
    arrives: "/app/room",
    says: /replace-path .* at .*:21 makes/,
  },
  {
    file: "path-stripped",
    path: "/ws/room",
    status: 101,
    arrives: "/room",
    says: /set-path .* at .*:21 makes \/room of \/ws\/room/,
  },
  { file: "uri-set", status: 101, arrives: "/socket?room=1", says: /set-uri/ },
  {
    file: "deny",
    path: "/ws",
    status: 403,
    says: /http-request deny if \{ path_beg \/ws \}` at .*:18 holds for this request/,
  },
  {
    file: "deny-address",
    status: 404,
    says: /`http-request deny deny_status 404 unless office` at .*:19 goes by the client's address/,
  },
  {
    file: "tcp-reject",
    status: null,
    says: /tcp-request connection reject unless .* goes by the client's address/,
  },
  { file: "auth", status: 401, says: /http-request auth realm inside/ },
  {
    file: "redirect-https",
    status: 301,
    says: /redirect scheme https code 301 .* at .*:18 redirects this path to https:[\s\S]*follow no redirect/,
  },
  { file: "redirect-slash", path: "/ws", status: 308, says: /redirect location \/ws\// },
  { file: "return-page", status: 200, says: /return status 200 .*maintenance` at .*:21/ },
  { file: "stats-root", status: 200, says: /stats uri \/` at .*:19 answers for this path itself/ },
  { file: "tarpit", path: "/ws", status: 500, says: /http-request tarpit/ },
  { file: "rate-limit", status: null, says: /limits what one client may do/ },
  {
    file: "rate-deny",
    status: 429,
    says: /sc_http_req_rate\(0\) gt 0 \}` at .*:20 limits what one client may do/,
    advises: ["limit-req"],
  },
  {
    file: "idle-short",
    status: 101,
    idleS: 10,
    symptom: { kind: "idle-end", afterS: 10 },
    says: /`timeout client 10s` at .*:13 ends a WebSocket[\s\S]*no `timeout tunnel` holds in backend sockets[\s\S]*timeout tunnel 1h/,
  },
  {
    file: "idle-tunnel-frontend",
    status: 101,
    idleS: 30,
    symptom: { kind: "idle-end", afterS: 30 },
    says: /`timeout tunnel 1h` at .*:18 has no effect in a frontend/,
  },
  { file: "idle-none", status: 101, idleS: null },
  {
    file: "hard-stop",
    status: 101,
    symptom: { kind: "cut-at-reload", afterS: 1.06, close: null },
    says: /`hard-stop-after 1s` at .*:6: the old process leaves its connections/,
  },
  {
    file: "maxconn-one",
    status: 101,
    room: 1,
    symptom: { kind: "room-ends", opened: 1, how: "waits", log: [] },
    says: /`maxconn 1` at .*:18: with 1 open HAProxy accepts no more[\s\S]*in the frontend/,
  },
  {
    file: "maxconn-bind",
    status: 101,
    room: 1,
    symptom: { kind: "room-ends", opened: 1, how: "waits", log: [] },
    says: /`bind \S+ maxconn 1` at .*:17: with 1 open HAProxy accepts no more/,
  },
  {
    file: "maxconn-server",
    status: 101,
    room: 1,
    symptom: { kind: "room-ends", opened: 1, how: { status: 503 }, log: [] },
    says: /maxconn 1` at .*:23: with 1 open the next one waits in a queue, until `timeout queue 300ms` at .*:22/,
  },
  { file: "proto-h2", status: 503, says: /`proto h2` in `server w1 .*` at .*:21: HAProxy speaks HTTP\/2/ },
  { file: "mode-tcp-rules" },
  {
    file: "accept-proxy",
    status: 101,
    advises: ["unreachable"],
    symptom: { kind: "unanswered", how: "closed", log: [] },
  },
  {
    file: "send-proxy",
    status: 101,
    advises: [],
    changes: /The server's `send-proxy` was left out: wsrally's backend takes no PROXY line/,
  },
  { file: "health-check", status: 101, changes: /`option httpchk` was left out/ },
  { file: "verify-none", status: 101, changes: /asked without TLS/ },
  { file: "verify-no-sni", status: 101 },
  {
    file: "http-port-tls",
    status: 101,
    symptom: { kind: "upstream-scheme", asked: "plain", address: "x" },
    says: /has no `ssl`/,
  },
  {
    file: "host-set",
    status: 101,
    symptom: { kind: "header-changed", header: "Host", way: "to-backend", arrived: "app.internal" },
    says: /set-header Host app\.internal` at .*:22 changes Host/,
  },
  {
    file: "origin-deleted",
    status: 101,
    symptom: { kind: "header-changed", header: "Origin", way: "to-backend", arrived: null },
    says: /del-header Origin` at .*:22/,
  },
  {
    file: "protocol-deleted",
    status: 101,
    symptom: { kind: "header-changed", header: "Sec-WebSocket-Protocol", way: "to-client", arrived: null },
    says: /http-response del-header Sec-WebSocket-Protocol` at .*:22/,
  },
  {
    file: "forwarded-missing",
    status: 101,
    symptom: { kind: "client-unknown", forged: false },
    says: /`option forwardfor` is not set in `frontend web` at .*forwarded-missing\.cfg:16/,
  },
  {
    file: "small-buffer",
    status: 101,
    symptom: { kind: "request-head-refused", bytes: 6500 },
    says: /`tune\.bufsize 4096` at .*:4/,
  },
  {
    file: "lua-left-out",
    status: 101,
    changes: /`http-request lua\.audit` was left out: no code of a config runs/,
  },
  { file: "spoe-left-out", status: 101, changes: /`filter spoe` was left out: no agent is asked/ },
  refused("lua-condition", /refused-lua-condition\.cfg:18: .* decides by code of the config/),
  {
    ...refused(
      "keyword",
      /refused-keyword\.cfg:21: unknown keyword 'proxy_pass'/,
      /no keyword of this section/,
    ),
    confined: /what proxy_pass does/,
  },
  refused("quote", /unmatched double quote in .*refused-quote\.cfg:18/, /opened and not closed on its line/),
  refused(
    "backend-missing",
    /refused-backend-missing\.cfg:18: Proxy 'web': unable to find required default_backend: 'socket'/,
    /no backend is called socket/,
  ),
  {
    ...refused(
      "reqadd",
      /refused-reqadd\.cfg:18: The 'reqadd' directive is not supported anymore/,
      /gone since HAProxy 2\.1/,
    ),
    confined: /what reqadd does/,
  },
  refused("acl-missing", /refused-acl-missing\.cfg:18: .*no such ACL : 'is_ws'/, /no line `acl is_ws/),
  refused("if-open", /\.if without \.endif in .*refused-if-open\.cfg/, /where it is to end:\n\.endif/),
  refused("truncated", /Missing LF on last line.*refused-truncated\.cfg:17/, /no end/),
  refused("mode-mix", /refused-mode-mix\.cfg:16\) tries to use incompatible tcp backend/, /one mode/),
  refused(
    "alert",
    /'this config is not for this machine' in .*refused-alert\.cfg:16/,
    /by `\.alert`: this config/,
  ),
  refused("no-frontend", /no frontend of it has a `bind`/, /nothing of the config listens/),
  {
    ...refused(
      "map-missing",
      /refused-map-missing\.cfg:18.*failed to open pattern file/,
      /none\.map is not there/,
    ),
    confined: /refused-map-missing\.cfg:18: .*none\.map lies outside of/,
  },
  {
    file: "sticky-missing",
    path: "/socket.io/?EIO=4",
    status: 101,
    tells: /spread over 2 servers: socket\.io needs a cookie.*`balance leastconn` at .*:21 spreads/s,
  },
  {
    file: "sticky-cookie-unnamed",
    path: "/socket.io/?EIO=4",
    status: 101,
    tells: /spread over 2 servers.*`cookie SERVER insert indirect nocache` at .*:21, and no server has/s,
  },
  {
    file: "two-frontends",
    status: 101,
    advises: ["other-routes"],
    tells: /`bind \*:80` at .*:17 in .*`bind \*:80` at .*:21 in `frontend old`.*deals connections out/s,
  },
  {
    file: "tls-frontend-lacks",
    path: "/ws",
    status: 101,
    advises: ["other-routes"],
    tells: /in `frontend secure` at .*:21 `http-request deny .*` at .*:23 answers it, for wss:/s,
  },
  {
    file: "other-rule",
    path: "/ws",
    status: 101,
    tells: /one other rule .*`use_backend cable .*` at .*:19/s,
  },
  { file: "port-443-plain", status: 101, advises: ["tls-scheme"], tells: /bind \*:443 ssl crt FILE/ },
  { file: "port-8443-behind", status: 101, tells: /X-Forwarded-Proto https` at .*:18 tells of TLS before/ },
  { file: "rate-tight", status: 101, advises: ["limit-req"], tells: /2 per 60s for each src.*:17/s },
  { file: "buffer-request", status: 101, tells: /`option http-buffer-request` at .*:18/ },
  { file: "limit-conn", status: 101, symptom: { kind: "share-ends", allowed: 20 }, says: /:20: one address/ },
  {
    file: "maxconn-small",
    status: 101,
    idleS: 20,
    room: 30,
    symptom: { kind: "room-ends", opened: 30, how: null, log: [] },
    says: /`maxconn 30` at .*:18: with 30 open/,
  },
  {
    file: "hard-stop-long",
    status: 101,
    symptom: { kind: "cut-at-reload", afterS: null, close: null },
    says: /`hard-stop-after 30m` at .*:6: the old process/,
  },
];
