/**
 * Configs through which WebSockets do not come, or come to harm.
 */
import type { Log, Symptom } from "#wsrally/diagnosis/symptom.js";
import { type CorpusRow, usualModules, wholeConfig } from "./corpus-row.js";

function fault(name: string, site: string, more: Omit<CorpusRow, "name" | "site">): CorpusRow {
  return { name, site, ...more };
}

function whole(name: string, text: string, more: Omit<CorpusRow, "name" | "whole">): CorpusRow {
  return { name, whole: text, ...more };
}

const plain = "ProxyPass / http://app:9000/";
const good = `${plain} upgrade=websocket`;

function change(arrived: string, sent = "/ws/chat"): Symptom {
  return {
    kind: "path-changed",
    sent,
    arrived,
    change: { path: { wanted: sent, arrived }, lost: [], gained: [] },
  };
}

function early(status: number, log: Log = []): Symptom {
  return { kind: "answered-early", status, location: null, bodyStart: "", log };
}

function header(name: string, way: "to-backend" | "to-client"): Symptom {
  return { kind: "header-changed", header: name, way, arrived: null };
}

export const faultRows: readonly CorpusRow[] = [
  fault("plain ProxyPass", plain, {
    status: 426,
    says: /`ProxyPass \/ http:\/\/app:9000\/` at .*:3 passes requests on without their upgrade[\s\S]*upgrade=websocket/,
    isTried: true,
  }),
  fault("/ before /ws", `${plain}\nProxyPass /ws ws://app:9000/ws`, {
    path: "/ws",
    status: 426,
    says: /`ProxyPass \/ http:\/\/app:9000\/` at .*:3 takes \/ws first, and `ProxyPass \/ws .*:4 is never asked[\s\S]*ProxyPass \/ws ws/,
    advises: ["route"],
    isTried: true,
  }),
  fault(
    "Location / behind Location /ws",
    "<Location /ws>\nProxyPass ws://app:9000/ws\n</Location>\n<Location />\nProxyPass http://app:9000/\n</Location>",
    {
      path: "/ws",
      status: 426,
      says: /of several Locations the last one holds[\s\S]*`<Location \/ws>` behind `<Location \/>`/,
      advises: ["route"],
      isTried: true,
    },
  ),
  fault(
    "Connection asked for as Chrome has it",
    `RewriteEngine On\nRewriteCond %{HTTP:Upgrade} websocket [NC]\nRewriteCond %{HTTP:Connection} ^Upgrade$ [NC]\nRewriteRule ^/(.*) ws://app:9000/$1 [P,L]\n${plain}`,
    {
      status: 426,
      says: /`RewriteCond %\{HTTP:Connection\} .*:5 does not hold for Firefox/,
      advises: ["route"],
      isTried: true,
    },
  ),
  fault(
    "a variable for a header",
    `RewriteEngine On\nRewriteCond \${HTTP:Upgrade} websocket [NC]\nRewriteRule ^/(.*) ws://app:9000/$1 [P,L]\n${plain}`,
    {
      status: 426,
      says: /is a variable of the config, and no header[\s\S]*RewriteCond %\{HTTP:Upgrade\} websocket/,
      advises: ["route"],
    },
  ),
  fault(
    "HTTP_UPGRADE",
    `RewriteEngine On\nRewriteCond %{HTTP_UPGRADE} websocket [NC]\nRewriteRule ^/(.*) ws://app:9000/$1 [P,L]\n${plain}`,
    {
      status: 426,
      says: /mod_rewrite knows no variable %\{HTTP_UPGRADE\}/,
      advises: ["route"],
      isTried: true,
    },
  ),
  fault(
    "WebSocket with capitals",
    `RewriteEngine On\nRewriteCond %{HTTP:Upgrade} =WebSocket\nRewriteRule ^/(.*) ws://app:9000/$1 [P,L]\n${plain}`,
    { status: 426, says: /looks at upper and lower case, and browsers send `websocket`/, advises: ["route"] },
  ),
  fault("Upgrade unset", `RequestHeader unset Upgrade\n${good}`, {
    status: 426,
    says: /`RequestHeader unset Upgrade` at .*:3: mod_proxy passes/,
    isTried: true,
  }),
  fault("HTTP/1.0", `SetEnv force-proxy-request-1.0 1\n${good}`, {
    status: 426,
    says: /`SetEnv force-proxy-request-1\.0 1` at .*:3: HTTP\/1\.0 knows no upgrade/,
  }),
  fault("kept back", `ProxyPass /ws !\nProxyPass /ws ws://app:9000/ws\n${plain}`, {
    path: "/ws",
    status: 404,
    says: /`ProxyPass \/ws !` at .*:3 keeps \/ws from being passed on/,
    isTried: true,
  }),
  fault("a slash too many", "ProxyPass /ws/ ws://app:9000/ws/", {
    path: "/ws",
    status: 404,
    says: /holds for what is below \/ws\/, and not for \/ws itself[\s\S]*ProxyPass \/ws ws:\/\/app:9000\/ws$/,
    isTried: true,
  }),
  fault("a slash too many, before another", `ProxyPass /ws/ ws://app:9000/ws/\n${plain}`, {
    path: "/ws",
    status: 426,
    says: /holds for what is below \/ws\//,
    advises: ["route"],
  }),
  fault("a path in capitals", "ProxyPass /WS ws://app:9000/ws", {
    path: "/ws",
    status: 404,
    says: /upper and lower case, and \/ws is asked for/,
  }),
  fault("glued", "ProxyPass /ws/ ws://app:9000/ws", {
    path: "/ws/chat",
    status: 101,
    arrives: "/wschat",
    symptom: change("/wschat"),
    says: /one of its ends has a slash[\s\S]*ProxyPass \/ws ws:\/\/app:9000\/ws$/,
    isTried: true,
  }),
  fault("stripped", "ProxyPass /ws http://app:9000 upgrade=websocket", {
    path: "/ws/chat",
    status: 101,
    arrives: "/chat",
    symptom: change("/chat"),
    says: /what stands before the path in ProxyPass is taken away[\s\S]*ProxyPass \/ws http:\/\/app:9000\/ws/,
  }),
  fault("rewritten to another path", "RewriteEngine On\nRewriteRule ^/ws/(.*) ws://app:9000/app/$1 [P]", {
    path: "/ws/chat",
    status: 101,
    arrives: "/app/chat",
    symptom: change("/app/chat"),
    says: /RewriteRule .*:4 makes \/app\/chat of/,
  }),
  fault("redirected whole", "Redirect permanent / https://a.test/", {
    path: "/ws",
    status: 301,
    says: /`Redirect permanent \/ https:\/\/a\.test\/` at .*:3 redirects this path/,
    isTried: true,
  }),
  fault(
    "redirected by a rule",
    `RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^ https://a.test%{REQUEST_URI} [R=301,L]\n${good}`,
    {
      path: "/ws",
      status: 301,
      says: /RewriteRule .*:5 redirects this path[\s\S]*RewriteCond %\{HTTP:Upgrade\} !websocket/,
    },
  ),
  fault("rewritten, and so not passed on", `RewriteEngine On\nRewriteRule ^/ws$ /sock\n${good}`, {
    path: "/ws",
    status: 404,
    says: /makes \/sock of \/ws, and what a rule has rewritten no ProxyPass sees[\s\S]*PT/,
    isTried: true,
  }),
  fault(
    "forbidden by a rule",
    `RewriteEngine On\nRewriteCond %{HTTP_USER_AGENT} !^Foo\nRewriteRule ^ - [F]\n${good}`,
    {
      path: "/ws",
      status: 403,
      says: /`RewriteRule \^ - \[F\]` at .*:5 answers this path with 403/,
    },
  ),
  fault("nothing takes the path", "ProxyPass /app http://app:9000/app upgrade=websocket", {
    path: "/other",
    status: 404,
    says: /no ProxyPass and no rule of `<VirtualHost \*:80>` at .*:1 takes \/other/,
    isTried: true,
  }),
  fault("by address", `<Location /ws>\nRequire ip 10.0.0.0/8\n</Location>\n${good}`, {
    path: "/ws",
    status: 101,
    symptom: early(403),
    says: /`Require ip 10\.0\.0\.0\/8` at .*:4 goes by the client's address/,
  }),
  fault(
    "by password",
    `<Location />\nAuthType Basic\nAuthName inside\nAuthUserFile /etc/apache2/users\nRequire valid-user\n</Location>\n${good}`,
    {
      path: "/ws",
      status: 101,
      symptom: early(401),
      says: /`Require valid-user` at .*:7 asks for a password/,
    },
  ),
  fault("denied to all", `<Location /ws>\nRequire all denied\n</Location>\n${good}`, {
    path: "/ws",
    status: 403,
    says: /`Require all denied` at .*:4 turns clients away/,
    isTried: true,
  }),
  fault("wss:// without SSLProxyEngine", "ProxyPass / wss://app:9443/", {
    status: 500,
    isReadOnly: true,
    says: /`SSLProxyEngine` is off in its server, as it is by default: 500/,
  }),
  fault("SSLProxyVerify", "SSLProxyEngine on\nSSLProxyVerify require\nProxyPass / wss://app:9443/", {
    status: 101,
    isReadOnly: true,
    symptom: { kind: "upstream-tls-failed", log: [], seen: null },
    says: /`SSLProxyVerify require` at .*:4 refuses the backend's certificate, and no SSLProxyCACertificateFile/,
  }),
  fault("TLS to a plain backend", "SSLProxyEngine on\nProxyPass / https://app:9000/ upgrade=websocket", {
    status: 101,
    isReadOnly: true,
    symptom: { kind: "upstream-scheme", asked: "tls", address: "app:9000" },
    says: /asks app:9000 over TLS, and it speaks none[\s\S]*http:\/\//,
  }),
  whole(
    "a module that is not loaded",
    wholeConfig("mpm_event unixd authz_core proxy", "ProxyPass / http://app:9000/ upgrade=websocket"),
    {
      status: 500,
      says: /no module for http:\/\/ is loaded[\s\S]*a2enmod proxy_http/,
      isTried: true,
    },
  ),
  whole(
    "IfModule of a module that is not loaded",
    wholeConfig(
      usualModules,
      "<IfModule mod_proxy_wstunnel.c>\nProxyPass /ws ws://app:9000/ws\n</IfModule>\nProxyPass / http://app:9000/",
    ),
    { path: "/ws", status: 426, says: /passes requests on without their upgrade/ },
  ),
  fault("a balancer without members", "ProxyPass / balancer://app/\n<Proxy balancer://app>\n</Proxy>", {
    status: 503,
    says: /names a balancer that has no BalancerMember/,
  }),
  fault(
    "a member without upgrade",
    "ProxyPass / balancer://app/\n<Proxy balancer://app>\nBalancerMember http://w1:9000\n</Proxy>",
    {
      status: 426,
      says: /`BalancerMember http:\/\/w1:9000` at .*:5 passes[\s\S]*BalancerMember http:\/\/w1:9000 upgrade=websocket/,
    },
  ),
  fault("AJP", "ProxyPass / ajp://app:8009/", {
    status: 500,
    isReadOnly: true,
    says: /ajp has no way to carry a WebSocket/,
  }),
  fault("nobody listens", good, {
    status: 101,
    symptom: early(503, [
      {
        line: "[error] AH00957: http: attempt to connect to 127.0.0.1:1 failed",
        shown: "",
        cause: "upstream-refused",
      },
    ]),
    says: /nobody listens where `ProxyPass .*:3 points[\s\S]*retry=0/,
  }),
  fault("a time with a unit", `Timeout 500ms\n${good}`, {
    status: 101,
    idleS: 500,
    advises: ["idle-timeout"],
    tells: /Apache takes the number for seconds/,
  }),
  fault("ProxyTimeout alone", `ProxyTimeout 10\n${good}`, {
    status: 101,
    idleS: 60,
    symptom: { kind: "idle-end", afterS: 60 },
    says: /`Timeout` is not set: 60 s by default .*: the larger of it and `ProxyTimeout 10` at .*:3 counts/,
    tells: /the shorter of two times does nothing/,
  }),
  fault("timeout= above Timeout", "Timeout 10\nProxyPass / http://app:9000/ upgrade=websocket timeout=30", {
    status: 101,
    idleS: 30,
  }),
  whole("443 without TLS", `<VirtualHost *:443>\nServerName a.test\n${good}\n</VirtualHost>\n`, {
    status: 101,
    advises: ["tls-scheme"],
    tells: /no `SSLEngine On` holds there/,
  }),
  whole(
    "TLS without the line for WebSockets",
    `<VirtualHost *:80>\nServerName a.test\nProxyPass /ws ws://app:9000/ws\n</VirtualHost>\n<VirtualHost *:443>\nServerName a.test\nSSLEngine on\nSSLCertificateFile a.pem\n${plain}\n</VirtualHost>\n`,
    {
      path: "/ws",
      status: 101,
      isReadOnly: true,
      advises: ["other-routes"],
      tells: /speaks TLS does not pass the WebSocket on/,
    },
  ),
  whole(
    "one name twice",
    `<VirtualHost *:80>\nServerName a.test\n${plain}\n</VirtualHost>\n<VirtualHost *:80>\nServerName a.test\nProxyPass /ws ws://app:9000/ws\n</VirtualHost>\n`,
    {
      path: "/ws",
      status: 426,
      says: /without their upgrade/,
      advises: ["other-routes"],
      tells: /the first answers for both/,
    },
  ),
  whole(
    "nothing listens there",
    `${wholeConfig(usualModules, plain)}<VirtualHost *:8080>\nServerName a.test\nProxyPass /ws ws://app:9000/ws\n</VirtualHost>\n`,
    {
      path: "/ws",
      status: 426,
      says: /without their upgrade/,
      advises: ["other-routes"],
      tells: /no `Listen` of the config is for \*:8080/,
    },
  ),
  whole(
    "few threads",
    wholeConfig(usualModules, good, "ServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25"),
    {
      status: 101,
      room: 25,
      symptom: { kind: "room-ends", opened: 25, how: "waits", log: [] },
      says: /`MaxRequestWorkers 25` at .*: Apache has a thread for each WebSocket, and with 25 open there is none left/,
      tells: /keeps one of ServerLimit's 1 places/,
    },
  ),
  whole(
    "prefork",
    wholeConfig("mpm_prefork unixd authz_core proxy proxy_http", good, "MaxRequestWorkers 150"),
    {
      status: 101,
      room: 150,
      symptom: { kind: "unanswered", how: "timeout", log: [] },
      says: /a process for each WebSocket[\s\S]*a2enmod mpm_event/,
      tells: /the prefork MPM has a process for each WebSocket/,
      isTried: true,
    },
  ),
  fault("max=", `${good} max=1`, {
    status: 101,
    symptom: { kind: "room-ends", opened: 1, how: "waits", log: [] },
    says: /`max` connections for each child process/,
    isReadOnly: true,
  }),
  fault("an old Apache", good, {
    status: 426,
    version: "2.4.41",
    isReadOnly: true,
    says: /Apache 2\.4\.41 takes `upgrade=` and does nothing for it[\s\S]*ProxyPass \/sock ws:\/\/app:9000\/sock/,
  }),
  fault("Host", good, {
    status: 101,
    symptom: header("Host", "to-backend"),
    says: /`ProxyPreserveHost` is off by default[\s\S]*ProxyPreserveHost On/,
  }),
  fault("Origin", `RequestHeader set Origin http://app\n${good}`, {
    status: 101,
    symptom: header("Origin", "to-backend"),
    says: /`RequestHeader set Origin http:\/\/app` at .*:3 changes Origin/,
  }),
  fault("the subprotocol", `Header unset Sec-WebSocket-Protocol\n${good}`, {
    status: 101,
    symptom: { kind: "answer-changed", log: [] },
    says: /`Header unset Sec-WebSocket-Protocol` at .*:3 takes headers of the handshake away/,
  }),
  fault("the key", `RequestHeader unset Sec-WebSocket-Key\n${good}`, {
    status: 101,
    isReadOnly: true,
    symptom: { kind: "key-lost", log: [] },
    says: /`RequestHeader unset Sec-WebSocket-Key` at .*:3/,
  }),
  fault("Upgrade for all", `RequestHeader set Upgrade websocket\n${good}`, {
    status: 101,
    symptom: { kind: "plain-upgraded" },
    says: /`RequestHeader set Upgrade websocket` at .*:3 sets it for every request/,
  }),
  fault("no address of the client", `ProxyAddHeaders Off\n${good}`, {
    status: 101,
    symptom: { kind: "client-unknown", forged: false },
    says: /`ProxyAddHeaders Off` at .*:3: mod_proxy adds no X-Forwarded-For/,
  }),
  fault("no scheme", good, {
    status: 101,
    symptom: { kind: "scheme-unknown" },
    says: /RequestHeader set X-Forwarded-Proto "http"/,
  }),
  fault("own pages", `ProxyErrorOverride On\n${good}`, {
    status: 101,
    symptom: { kind: "refusal-hidden", sent: 403, arrived: 403 },
    says: /`ProxyErrorOverride On` at .*:3 puts Apache's own page/,
  }),
  fault("small fields", `LimitRequestFieldSize 2000\n${good}`, {
    status: 101,
    symptom: { kind: "request-head-refused", bytes: 6144 },
    says: /longer than `LimitRequestFieldSize 2000` at .*:3/,
  }),
  whole(
    "a client's certificate",
    `<VirtualHost *:443>\nServerName a.test\nSSLEngine on\nSSLCertificateFile a.pem\nSSLVerifyClient require\n${good}\n</VirtualHost>\n`,
    {
      status: 101,
      isReadOnly: true,
      symptom: { kind: "client-tls-failed" },
      says: /`SSLVerifyClient require` at .*:5 asks for a client certificate/,
    },
  ),
  fault(
    "no stickiness",
    "ProxyPass / balancer://app/\n<Proxy balancer://app>\nBalancerMember http://w1:9000 upgrade=websocket\nBalancerMember http://w2:9000 upgrade=websocket\n</Proxy>",
    { path: "/socket.io/", status: 101, tells: /socket\.io needs a cookie/ },
  ),
];
