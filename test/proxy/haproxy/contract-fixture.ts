/**
 * HAProxy, as the contract tests are told of it.
 */
import { type ContractFixture, upstreamHost } from "../support/contract-fixture.js";

export const haproxyFixture: ContractFixture = {
  fileName: "haproxy.cfg",
  config: ({
    idleS = 3600,
    shutdownS,
    isCramped = false,
    workers = 1,
    mark = "none",
    secret = "none",
    processLine = "",
    routeLine = "",
  } = {}) => `global
  maxconn ${isCramped ? 20 : 1000}
  nbthread ${workers}
  ${shutdownS === undefined ? "" : `hard-stop-after ${shutdownS}s`}
  ${processLine}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel ${idleS}s
frontend web
  bind :8443
  http-request return status 200 content-type text/plain string "${mark}" if { path /mark }
  http-request set-header Authorization "Bearer ${secret}"
  default_backend app
backend app
  ${routeLine}
  server s1 ${upstreamHost}:9000
`,
  brokenLine: { line: "balance sideways", words: /balance only supports/ },
  accepted: { set: { "timeout tunnel": "7m" }, shows: /timeout tunnel 7m/ },
  mistyped: { name: "timeout tunel", meant: "timeout tunnel" },
  badValue: { set: { balance: "sideways" }, words: /balance/ },
  hostile: ({ file, program, host, tcpPort, udpPort, variable }) => [
    { processLine: `lua-load ${program}` },
    { processLine: `log ${host}:${udpPort} local0` },
    { processLine: `stats socket ${file}.sock level admin` },
    { processLine: `setenv LD_PRELOAD ${file}` },
    { processLine: `external-check\n  insecure-fork-wanted` },
    { processLine: `pidfile ${file}` },
    { routeLine: `acl a path -f ${file}` },
    { routeLine: `errorfile 503 ${file}` },
    { routeLine: `http-request return status 200 content-type text/plain file ${file}` },
    { routeLine: `use-server %[path,map(${file},s1)]` },
    { routeLine: `log ${host}:${udpPort} local0` },
    { routeLine: `http-request set-header X "$${variable} \${${variable}}"` },
    { routeLine: `http-request set-dst str(${host})\n  http-request set-dst-port int(${tcpPort})` },
    { routeLine: `server s0 ${host}:${tcpPort} check` },
    { routeLine: `option external-check\n  external-check command ${program}\n  server s0 a.test:1 check` },
    { routeLine: `server s0 a.test:1 ssl verify required ca-file ${file} crt ${file}` },
    { routeLine: `filter spoe engine e config ${file}` },
    {
      routeLine: `server s0 decoy.test:1 resolvers r\nresolvers r\n  nameserver n ${host}:${udpPort}\nbackend b`,
    },
  ],
};
