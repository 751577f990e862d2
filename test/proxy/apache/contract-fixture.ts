/**
 * Apache, as the contract tests are told of it.
 */
import {
  type AskedConfig,
  type ContractFixture,
  type Decoys,
  upstreamHost,
} from "../support/contract-fixture.js";

const modules = [
  ...["mpm_event", "authz_core", "authz_host", "authn_core", "authn_file", "auth_basic", "authz_user"],
  ...["access_compat", "alias", "headers", "rewrite", "setenvif", "env", "dir", "proxy", "proxy_http"],
];

function config({
  idleS = 3600,
  isCramped = false,
  workers = 1,
  mark = "none",
  secret = "none",
  processLine = "",
  routeLine = "",
}: AskedConfig = {}): string {
  const room = isCramped ? 20 : 400;
  return `ServerRoot /etc/httpd
${modules.map((name) => `LoadModule ${name}_module modules/mod_${name}.so`).join("\n")}
Listen 8443
Timeout ${idleS}s
ServerLimit ${workers * 4}
ThreadLimit ${room / workers}
ThreadsPerChild ${room / workers}
StartServers ${workers}
MaxRequestWorkers ${room}
${processLine}
<VirtualHost *:8443>
  RequestHeader set Authorization "Bearer ${secret}"
  ${routeLine}
  Redirect 404 /mark
  ErrorDocument 404 "${mark}"
  ProxyPass /mark !
  ProxyPass / http://${upstreamHost}:9000/ upgrade=websocket
</VirtualHost>
`;
}

function hostile({ folder, file, program, host, tcpPort, variable }: Decoys): readonly AskedConfig[] {
  // What is left out may as well be left out together; what is refused is refused by itself.
  const leftOut = [
    `ErrorLog "|${program}"`,
    `CustomLog "|${program}" common`,
    `CustomLog ${folder}/access.log common`,
    `PidFile ${folder}/pid`,
    `ScoreBoardFile ${folder}/board`,
    `LoadModule cgi_module modules/mod_cgi.so`,
    `LoadModule lua_module modules/mod_lua.so`,
    `LuaHookAccessChecker ${file} run`,
    `LoadModule md_module modules/mod_md.so`,
    `MDomain decoy.test`,
    `LoadModule ext_filter_module modules/mod_ext_filter.so`,
    `ExtFilterDefine f cmd=${program}`,
    `LoadModule decoy_module ${program}`,
    `LoadFile ${program}`,
    `ProxyRemote * http://${host}:${tcpPort}`,
    `ProxyRequests On`,
    `HostnameLookups Double`,
  ].join("\n");
  return [
    { processLine: leftOut },
    { processLine: `Include ${file}` },
    { processLine: `IncludeOptional ${folder}/*.txt` },
    { processLine: `ErrorDocument 404 "\${${variable}}"` },
    { processLine: `RequestHeader set X "expr=%{file:${file}}"` },
    { processLine: `Header always set X "expr=%{osenv:${variable}}"` },
    { processLine: `<If "-f '${file}'">\nRequire all denied\n</If>` },
    {
      routeLine: `DocumentRoot ${folder}\n  ProxyPass /decoy.txt !\n  <Directory ${folder}>\nRequire all granted\n</Directory>`,
    },
    {
      routeLine: `Alias /decoy ${file}\n  ProxyPass /decoy !\n  <Location />\nRequire all granted\n</Location>`,
    },
    { routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$ ${file} [L]` },
    {
      routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$ ${file} [L]\n  <Location />\n<If "true">\nRequire all granted\n</If>\nRequire all granted\n</Location>\n<If "true">\nRequire all granted\n</If>`,
    },
    {
      routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$ ${file} [L]\n  <Location />\nSatisfy Any\nOrder allow,deny\nAllow from all\nRequire all granted\n</Location>`,
    },
    { routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$ http://${host}:${tcpPort}/ [P]` },
    { routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$ http://%{HTTP_HOST}:${tcpPort}/ [P]` },
    { routeLine: `RewriteEngine On\n  RewriteRule ^/(.*)$ $1 [P]` },
    // Words end for Apache where they end for wsrally.
    { routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$\vhttp://${host}:${tcpPort}/\v[P]` },
    { routeLine: `RewriteEngine On\n  RewriteRule "^/decoy$\\\\" http://${host}:${tcpPort}/ [P] "` },
    { routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$\\\\ http://${host}:${tcpPort}/ [P]` },
    { routeLine: `<If file ("${file}") =~ /./>\nHeader set X a\n</If>` },
    {
      routeLine: `SetEnv X @${host}:${tcpPort}/\n  RewriteEngine On\n  RewriteRule ^/decoy http://a.test:1%{ENV:X} [P,E=X:@${host}:${tcpPort}/]`,
    },
    { routeLine: `RewriteEngine On\n  RewriteRule ^/decoy$ - [H=proxy:http://${host}:${tcpPort}]` },
    { routeLine: `RewriteEngine On\n  RewriteMap m prg:${program}\n  RewriteRule ^/decoy$ \${m:a} [P]` },
    { routeLine: `RewriteEngine On\n  RewriteMap m txt:${file}\n  RewriteRule ^/decoy$ /\${m:a}` },
    { routeLine: `RewriteEngine On\n  RewriteCond ${file} -f\n  RewriteRule ^/decoy$ - [F]` },
    { routeLine: `ProxyPass /decoy http://${host}:${tcpPort}/` },
    { routeLine: `ProxyPassMatch ^/(d.*)$ http://${host}:${tcpPort}/$1` },
    { routeLine: `ProxyPass /decoy unix:${file}|http://localhost/` },
    { routeLine: `<Location /decoy>\nSetHandler "proxy:http://${host}:${tcpPort}"\n</Location>` },
    { routeLine: `AddHandler "proxy:http://${host}:${tcpPort}" .txt\n  ProxyPass /decoy.txt !` },
    {
      routeLine: `<Location /decoy>\nAuthType Basic\nAuthName a\nAuthUserFile ${file}\nRequire valid-user\n</Location>`,
    },
    {
      routeLine: `<Location /decoy>\nSetHandler cgi-script\nOptions +ExecCGI\n</Location>\n  ScriptAlias /decoy ${program}`,
    },
    { routeLine: `DecoyDirective ${file}` },
  ];
}

export const apacheFixture: ContractFixture = {
  fileName: "httpd.conf",
  config,
  keepsAtReload: true,
  brokenLine: { line: "ProxyPasss /a http://b/", words: /Invalid command 'ProxyPasss'/ },
  accepted: { set: { "ProxyPass connectiontimeout": "7" }, shows: /connectiontimeout=7/ },
  mistyped: { name: "MaxRequestWorker", meant: "MaxRequestWorkers" },
  badValue: { set: { KeepAlive: "sideways" }, words: /the built-in config:\d+: KeepAlive must be On or Off/ },
  hostile,
};
