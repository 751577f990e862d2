/**
 * nginx, as the contract tests are told of it.
 */
import { type ContractFixture, upstreamHost } from "../support/contract-fixture.js";

export const nginxFixture: ContractFixture = {
  fileName: "nginx.conf",
  config: ({
    idleS = 3600,
    shutdownS,
    isCramped = false,
    workers = 1,
    mark = "none",
    secret = "none",
    processLine = "",
    routeLine = "",
  } = {}) => `worker_processes ${workers};
${shutdownS === undefined ? "" : `worker_shutdown_timeout ${shutdownS}s;`}
${processLine}
events { worker_connections ${isCramped ? 64 : 1024}; }
http {
  server {
    listen 8443;
    location = /mark { return 200 "${mark}"; }
    location / {
      proxy_pass http://${upstreamHost}:9000;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_set_header Authorization "Bearer ${secret}";
      proxy_read_timeout ${idleS}s;
      proxy_send_timeout ${idleS}s;
      ${routeLine}
    }
  }
}
`,
  brokenLine: { line: "proxy_buffers sideways;", words: /proxy_buffers/ },
  accepted: { set: { proxy_buffer_size: "8k" }, shows: /proxy_buffer_size 8k;/ },
  mistyped: { name: "proxy_bufering", meant: "proxy_buffering" },
  badValue: { set: { proxy_buffering: "sideways" }, words: /invalid value "sideways"/ },
  hostile: ({ folder, file, program, host, tcpPort, udpPort, variable }) => [
    { routeLine: `include ${file};` },
    { processLine: `include ${file};` },
    { processLine: `load_module ${program};` },
    { processLine: `env ${variable};` },
    { processLine: `error_log syslog:server=${host}:${udpPort} debug;` },
    { processLine: `error_log ${file} debug;` },
    { processLine: `pid ${file};` },
    { processLine: `stream { server { listen 8444; proxy_pass ${host}:${tcpPort}; } }` },
    { routeLine: `root ${folder}; try_files /decoy.txt /decoy.txt =404;` },
    { routeLine: `auth_basic a; auth_basic_user_file ${file};` },
    { routeLine: `access_log syslog:server=${host}:${udpPort};` },
    { routeLine: `access_log ${file};` },
    { routeLine: `mirror /decoy; } location /decoy { proxy_pass http://${host}:${tcpPort};` },
    { routeLine: `} location /decoy.txt { alias ${file};` },
    {
      routeLine: `} location /decoy { resolver ${host}:${udpPort}; set $a decoy.test; proxy_pass http://$a;`,
    },
    { routeLine: `} location /decoy { proxy_pass http://$http_x_target;` },
    { routeLine: `} ssl_certificate ${file}; ssl_certificate_key ${file}; location /decoy {` },
  ],
};
