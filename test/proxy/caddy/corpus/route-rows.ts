/**
 * Configs through which no WebSocket comes: what stands in its way, each as people have it.
 */
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import type { CorpusRow } from "./corpus-row.js";

const lost: Symptom = { kind: "upgrade-lost", upgrade: null, connection: null };
/** The line is said at which it stands: the site's own begin with 2. */
function fault(name: string, site: string, more: Omit<CorpusRow, "name" | "site">): CorpusRow {
  return { name, site, ...more };
}

export const routeRows: readonly CorpusRow[] = [
  fault("respond goes first", "reverse_proxy /ws* app:1\nrespond 404", {
    status: 404,
    says: /`respond 404` at .*:3 answers: `respond` goes before `reverse_proxy`/,
    isTried: true,
  }),
  fault("redir goes first", "reverse_proxy app:1\nredir https://b.test{uri}", {
    status: 302,
    says: /`redir https:\/\/b\.test\{uri\}` at .*:3 redirects/,
  }),
  fault("catch-all handle", "handle {\n\troot * /srv\n\tfile_server\n}\nreverse_proxy /ws* app:1", {
    status: 404,
    says: /`file_server` at .*:4 looks for a file: of `handle` blocks one alone is asked, and `handle` at .*:2/,
    isTried: true,
  }),
  fault(
    "try_files goes first",
    "root * /srv\ntry_files {path} /index.html\nreverse_proxy /ws* app:1\nfile_server",
    {
      status: 200,
      says: /`try_files \{path\} \/index\.html` at .*:3 makes \/index\.html of \/ws/,
      isTried: true,
    },
  ),
  fault("rewrite goes first", "rewrite * /app{uri}\nreverse_proxy /ws* app:1", {
    status: 200,
    says: /`rewrite \* \/app\{uri\}` at .*:2 makes \/app\/ws of \/ws/,
  }),
  fault("exact path", "reverse_proxy /ws app:1", {
    path: "/ws/a",
    status: 200,
    says: /takes the path \/ws and no other[\s\S]*reverse_proxy \/ws\*/,
    isTried: true,
  }),
  fault("exact path in a matcher", "@ws path /ws\nhandle @ws {\n\treverse_proxy app:1\n}\nfile_server", {
    path: "/ws/a",
    status: 404,
    says: /`path \/ws` at .*:2 takes the path \/ws and no other[\s\S]*path \/ws\*/,
  }),
  fault("below the path", "reverse_proxy /ws/* app:1", {
    path: "/ws",
    status: 200,
    says: /takes what stands below \/ws\//,
  }),
  fault(
    "Connection compared whole",
    "@ws {\n\theader Connection Upgrade\n\theader Upgrade websocket\n}\nreverse_proxy @ws app:1\nfile_server",
    {
      status: 200,
      symptom: {
        kind: "answered-early",
        status: 404,
        location: null,
        bodyStart: "",
        log: [],
        asked: { path: "/", host: null, connection: "keep-alive, Upgrade", tls: false },
      },
      says: /`header Connection Upgrade` at .*:3 compares the whole value[\s\S]*header Connection \*Upgrade\*/,
      advises: ["route"],
      isTried: true,
    },
  ),
  fault(
    "Connection in small letters",
    "@ws header Connection *upgrade*\nreverse_proxy @ws app:1\nreverse_proxy app:2",
    {
      status: 101,
      advises: ["route"],
    },
  ),
  fault("Upgrade in capitals", "@ws header Upgrade WebSocket\nreverse_proxy @ws app:1\nrespond no", {
    status: 200,
    says: /`respond no` at/,
    advises: ["route"],
  }),
  fault("nothing takes it", "reverse_proxy /api/* app:1", {
    path: "/socket",
    status: 200,
    says: /nothing matches \/socket/,
    isTried: true,
  }),
  fault("response_buffers", "reverse_proxy app:1 {\n\tresponse_buffers 4k\n}", {
    status: null,
    since: "2.8",
    says: /`response_buffers 4k` at .*:3 waits for the end of every answer/,
    isTried: true,
  }),
  fault("header_up -Connection", "reverse_proxy app:1 {\n\theader_up -Connection\n}", {
    status: 426,
    symptom: lost,
    says: /`header_up -Connection` at .*:3: Caddy passes Upgrade and Connection on by itself/,
    isTried: true,
  }),
  fault("header_up -Upgrade", "reverse_proxy app:1 {\n\theader_up -Upgrade\n}", {
    status: 426,
    symptom: lost,
    says: /`header_up -Upgrade` at .*:3/,
  }),
  fault("Connection close", "reverse_proxy app:1 {\n\theader_up Connection close\n}", {
    status: 426,
    symptom: lost,
    says: /`header_up Connection close` at/,
  }),
  fault("request_header -Upgrade", "request_header -Upgrade\nreverse_proxy app:1", {
    status: 426,
    symptom: lost,
    says: /`request_header -Upgrade` at .*:2/,
  }),
  fault(
    "Caddy 1's placeholder",
    "reverse_proxy app:1 {\n\theader_up Connection {>Connection}\n\theader_up Upgrade {>Upgrade}\n}",
    {
      status: 426,
      symptom: lost,
      says: /`\{>Upgrade\}` is Caddy 1's word/,
      isTried: true,
    },
  ),
];
