/**
 * Configs through which WebSockets come as they should: nothing may be said against one of them.
 */
import { type CorpusRow, usualModules, wholeConfig } from "./corpus-row.js";

function good(name: string, site: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { name: `good: ${name}`, site, status: 101, ...more };
}

/** Of a variable of the config. */
const dollar = "$";
const upgrades = "RewriteEngine On\nRewriteCond %{HTTP:Upgrade} websocket [NC]";

export const goodRows: readonly CorpusRow[] = [
  good("ws:// before /", "ProxyPass /ws ws://app:9000/ws\nProxyPass / http://app:9000/", {
    isTried: true,
    idleS: 60,
  }),
  good(
    "upgrade=websocket",
    "ProxyPass / http://app:9000/ upgrade=websocket\nProxyPassReverse / http://app:9000/",
  ),
  good("upgrade=ANY", "ProxyPass / http://app:9000/ upgrade=ANY"),
  good(
    "a rule for upgrades",
    `${upgrades}\nRewriteRule ^/(.*) "ws://app:9000/$1" [P,L]\nProxyPass / http://app:9000/`,
    {
      isTried: true,
    },
  ),
  good(
    "a rule that asks for Connection too",
    `${upgrades}\nRewriteCond %{HTTP:Connection} upgrade [NC]\nRewriteRule ^/?(.*) "ws://app:9000/$1" [P,L]\nProxyPass / http://app:9000/`,
  ),
  good(
    "a rule for all but upgrades",
    "RewriteEngine On\nRewriteCond %{HTTP:Upgrade} =websocket [NC]\nRewriteRule /(.*) ws://app:9000/$1 [P,L]\nRewriteCond %{HTTP:Upgrade} !=websocket [NC]\nRewriteRule /(.*) http://app:9000/$1 [P,L]",
  ),
  good(
    "socket.io by its query",
    "RewriteEngine On\nRewriteCond %{REQUEST_URI} ^/socket.io [NC]\nRewriteCond %{QUERY_STRING} transport=websocket [NC]\nRewriteRule /(.*) ws://app:9000/$1 [P,L]\nProxyPass / http://app:9000/",
    { path: "/socket.io/?EIO=4&transport=websocket" },
  ),
  good(
    "Locations in their order",
    "<Location />\nProxyPass http://app:9000/\n</Location>\n<Location /ws>\nProxyPass ws://app:9000/ws\n</Location>",
    { isTried: true },
  ),
  good(
    "a Location before a server's ProxyPass",
    "ProxyPass / http://app:9000/\n<Location /ws>\nProxyPass ws://app:9000/ws\n</Location>",
  ),
  good(
    "a balancer",
    'ProxyPass / balancer://app/\n<Proxy balancer://app>\nBalancerMember http://w1:9000 upgrade=websocket route=1\nBalancerMember http://w2:9000 upgrade=websocket route=2\nProxySet stickysession=ROUTEID lbmethod=bytraffic\n</Proxy>\nHeader add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED',
    { isTried: true, path: "/socket.io/" },
  ),
  good("ProxyPassMatch", "ProxyPassMatch ^/(ws/.*)$ ws://app:9000/$1\nProxyPass / http://app:9000/"),
  good(
    "a rule in a Location",
    "<Location /ws>\nRewriteEngine On\nRewriteRule .* ws://app:9000%{REQUEST_URI} [P]\n</Location>\nProxyPass / http://app:9000/",
  ),
  good(
    "a rule that takes the whole path",
    `${upgrades}\nRewriteRule ^(.*)$ ws://app:9000$1 [P]\nProxyPass / http://app:9000/`,
    { isTried: true },
  ),
  good("a socket's path", 'ProxyPass /ws "unix:/run/app.sock|ws://localhost/ws"'),
  good(
    "redirect of all but WebSockets",
    `RewriteEngine On\nRewriteCond %{HTTP:Upgrade} !websocket [NC]\nRewriteRule ^ https://a.test%{REQUEST_URI} [R=301,L]\nProxyPass / http://app:9000/ upgrade=websocket`,
  ),
  good(
    "files first",
    "DocumentRoot /var/www/html\nProxyPass /static !\nProxyPass / http://app:9000/ upgrade=websocket\n<Directory /var/www/html>\nRequire all granted\n</Directory>",
  ),
  good(
    "headers, compression, reading times",
    'RequestHeader set X-Forwarded-Proto "http"\nHeader always set X-Frame-Options DENY\nSetOutputFilter DEFLATE\nRequestReadTimeout header=20-40,MinRate=500\nKeepAliveTimeout 2\nProxyPreserveHost On\nTimeout 3600\nProxyPass / http://app:9000/ upgrade=websocket',
    { idleS: 3600 },
  ),
  good("continued lines", "ProxyPass \\\n  /ws \\\n  ws://app:9000/ws\nProxyPass / http://app:9000/"),
  good("names in any case", "PROXYPASS / HTTP://app:9000/ UPGRADE=WebSocket"),
  {
    name: "good: a whole config",
    whole: wholeConfig(
      usualModules,
      `<IfModule proxy_module>\nProxyPass / http://${dollar}{APP}/ upgrade=websocket\n</IfModule>\n<IfModule mod_none.c>\nProxyPass / http://none/\n</IfModule>`,
      "Define APP app:9000\nServerLimit 8\nThreadsPerChild 50\nMaxRequestWorkers 200\nUser www-data\nErrorLog logs/error_log\nCustomLog logs/access_log common",
    ),
    status: 101,
    room: 200,
    isTried: true,
  },
  {
    name: "good: included files, as Debian has them",
    whole: `DefaultRuntimeDir ${dollar}{APACHE_RUN_DIR}\nPidFile ${dollar}{APACHE_PID_FILE}\nErrorLog ${dollar}{APACHE_LOG_DIR}/error.log\nIncludeOptional mods-enabled/*.load\nIncludeOptional mods-enabled/*.conf\nInclude ports.conf\n<Directory />\nRequire all denied\n</Directory>\nIncludeOptional sites-enabled/*.conf\n`,
    files: {
      "mods-enabled/mpm_event.load":
        "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
      "mods-enabled/mpm_event.conf": "StartServers 2\nMaxRequestWorkers 150\nMaxConnectionsPerChild 0\n",
      "mods-enabled/authz_core.load":
        "LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n",
      "mods-enabled/proxy.load": "LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so\n",
      "mods-enabled/proxy_http.load":
        "# Depends: proxy\nLoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so\n",
      "mods-enabled/status.load": "LoadModule status_module /usr/lib/apache2/modules/mod_status.so\n",
      "mods-enabled/status.conf":
        "<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>\nExtendedStatus On\n",
      "ports.conf": "Listen 80\n<IfModule ssl_module>\nListen 443\n</IfModule>\n",
      "sites-enabled/000-app.conf": `<VirtualHost *:80>\nServerAdmin webmaster@localhost\nProxyPass / http://app:9000/ upgrade=websocket\nErrorLog ${dollar}{APACHE_LOG_DIR}/app.log\n</VirtualHost>\n`,
    },
    status: 101,
    room: 150,
    isTried: true,
  },
  {
    name: "good: a macro",
    whole:
      "<Macro App $name $port>\n<VirtualHost *:80>\nServerName $name\nProxyPass / http://127.0.0.1:$port/ upgrade=websocket\n</VirtualHost>\n</Macro>\nUse App a.test 9000\nUse App b.test 9001\nUndefMacro App\n",
    status: 101,
  },
  {
    name: "good: TLS, with a redirect to it",
    whole:
      "<VirtualHost *:80>\nServerName a.test\nRedirect permanent / https://a.test/\n</VirtualHost>\n<VirtualHost *:443>\nServerName a.test\nSSLEngine on\nSSLCertificateFile /etc/letsencrypt/live/a.test/fullchain.pem\nSSLCertificateKeyFile /etc/letsencrypt/live/a.test/privkey.pem\nInclude /etc/letsencrypt/options-ssl-apache.conf\nProxyPass /ws wss://app:9443/ws\nSSLProxyEngine on\n</VirtualHost>\n",
    status: 101,
    isReadOnly: true,
  },
];
