/**
 * Configs as people have them through which WebSockets pass: nothing is wrong, and nothing is to be said.
 */
import type { CorpusRow } from "./corpus-row.js";

function good(name: string, site: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { name, site, status: 101, ...more };
}

function whole(name: string, text: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { name, whole: text, status: 101, ...more };
}

export const goodRows: readonly CorpusRow[] = [
  good("bare", "reverse_proxy app:9000"),
  good("path", "reverse_proxy /ws* app:9000\nfile_server"),
  good("path below", "reverse_proxy /ws/* app:9000\nrespond /other no"),
  good(
    "named matcher",
    "root * /srv\n@ws {\n\theader Connection *Upgrade*\n\theader Upgrade websocket\n}\nreverse_proxy @ws app:9000\nfile_server",
    { isTried: true },
  ),
  good(
    "handles",
    "encode zstd gzip\nhandle /ws* {\n\treverse_proxy app:9000\n}\nhandle {\n\troot * /srv\n\ttry_files {path} /index.html\n\tfile_server\n}",
    { isTried: true },
  ),
  good("route", "route {\n\treverse_proxy /ws* app:9000\n\trespond no 404\n}", { isTried: true }),
  good(
    "nginx's headers",
    "reverse_proxy app:9000 {\n\theader_up Upgrade {http.request.header.Upgrade}\n\theader_up Connection {http.request.header.Connection}\n\theader_up Host {upstream_hostport}\n}",
  ),
  good(
    "hard-coded headers",
    'reverse_proxy app:9000 {\n\theader_up Upgrade "websocket"\n\theader_up Connection "Upgrade"\n}',
    {
      isTried: true,
    },
  ),
  good(
    "flush",
    "reverse_proxy app:9000 {\n\tflush_interval -1\n\ttransport http {\n\t\tdial_timeout 3s\n\t\tkeepalive off\n\t\tcompression off\n\t}\n}",
    { advises: ["buffering"] },
  ),
  good("one server for a client", "reverse_proxy /socket.io/* app1:9000 app2:9000 {\n\tlb_policy cookie\n}"),
  good("any server for a client", "reverse_proxy /socket.io/* app1:9000 app2:9000", {
    advises: ["stickiness"],
  }),
  good("close delay", "reverse_proxy app:9000 {\n\tstream_close_delay 5m\n}", { since: "2.8" }),
  good(
    "load balancing",
    "reverse_proxy app1:9000 app2:9000 {\n\tlb_policy ip_hash\n\tlb_try_duration 5s\n\tfail_duration 10s\n}",
  ),
  good("request buffers", "reverse_proxy app:9000 {\n\trequest_buffers 4k\n}", {
    since: "2.8",
    advises: ["buffering"],
  }),
  good(
    "security headers",
    'header {\n\tStrict-Transport-Security "max-age=31536000"\n\t-Server\n\t?X-Frame-Options DENY\n}\nreverse_proxy app:9000',
    {
      isTried: true,
    },
  ),
  good("template of a body", 'respond /health `{"ok": true}` 200\nreverse_proxy app:9000'),
  good("sub path kept", "handle /app/* {\n\treverse_proxy /app/ws* app:9000\n\trespond /app/x no\n}"),
  good("own path stripped", "redir /app /app/\nhandle_path /app/* {\n\treverse_proxy app:9000\n}", {
    arrives: "/",
    path: "/app/",
    symptom: {
      kind: "path-changed",
      sent: "/app/",
      arrived: "/",
      change: { path: { wanted: "/app/", arrived: "/" }, lost: [], gained: [] },
    },
    says: /`handle` in place of `handle_path`/,
  }),
  good(
    "not the assets",
    "@assets path *.css *.js\nheader @assets Cache-Control max-age=3600\nreverse_proxy app:9000",
  ),
  good(
    "expression",
    "@ws `header({'Upgrade': 'websocket'})`\nhandle @ws {\n\treverse_proxy app:9000\n}\nreverse_proxy app:9001",
  ),
  good("body limit", "request_body {\n\tmax_size 10MB\n}\nreverse_proxy app:9000"),
  good("errors of its own", "reverse_proxy app:9000\nhandle_errors {\n\trespond sorry\n}"),
  good(
    "auth elsewhere",
    "basic_auth /admin/* {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}\nreverse_proxy app:9000",
    {
      since: "2.8",
    },
  ),
  good(
    "auth that is not asked to upgrade",
    "forward_auth auth:9091 {\n\turi /verify\n\theader_up -Connection\n\theader_up -Upgrade\n}\nreverse_proxy app:9000",
  ),
  whole(
    "snippets",
    "{\n\tgrace_period 10s\n\tlog {\n\t\toutput file /var/log/caddy.log\n\t}\n}\n(common) {\n\tencode gzip\n\theader X-From {args[0]}\n}\nhttp://a.test {\n\timport common a\n\treverse_proxy app:9000\n}\n",
    { isTried: true },
  ),
  whole(
    "two sites",
    "http://a.test {\n\troot * /srv\n\tfile_server\n}\nhttp://ws.a.test {\n\treverse_proxy app:9000\n}\n",
    {
      isTried: true,
    },
  ),
  whole(
    "hop to itself",
    "http://a.test {\n\treverse_proxy localhost:2080\n}\nhttp://:2080 {\n\treverse_proxy /ws* app:9000\n}\n",
    {
      path: "/ws",
      isTried: true,
    },
  ),
  whole("named route", "&(app) {\n\treverse_proxy app:9000\n}\nhttp://a.test {\n\tinvoke app\n}\n", {
    since: "2.8",
  }),
  whole(
    "order",
    "{\n\torder respond after reverse_proxy\n}\nhttp://a.test {\n\trespond no\n\treverse_proxy app:9000\n}\n",
    {
      isTried: true,
    },
  ),
  whole(
    "json",
    JSON.stringify(
      {
        apps: {
          http: {
            servers: {
              a: {
                listen: [":8080"],
                routes: [
                  {
                    match: [{ path: ["/ws*"] }],
                    handle: [{ handler: "reverse_proxy", upstreams: [{ dial: "app:9000" }] }],
                    terminal: true,
                  },
                  { handle: [{ handler: "static_response", status_code: 404 }] },
                ],
              },
            },
          },
        },
      },
      null,
      1,
    ),
    { isTried: true },
  ),
];
