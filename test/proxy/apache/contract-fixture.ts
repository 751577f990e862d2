/**
 * Apache, as the contract tests are told of it.
 */
import { type ContractFixture, upstreamHost } from "../support/contract-fixture.js";

export const apacheFixture: ContractFixture = {
  fileName: "httpd.conf",
  config: ({ idleS = 3600, secret = "none", processLine = "", routeLine = "" } = {}) => `Listen 8443
Timeout ${idleS}
${processLine}
RequestHeader set Authorization "Bearer ${secret}"
${routeLine}
ProxyPass / http://${upstreamHost}:9000/ upgrade=websocket
`,
  brokenLine: { line: "ProxyPasss /a http://b/", words: /Invalid command 'ProxyPasss'/ },
  accepted: { set: { "ProxyPass connectiontimeout": "7" }, shows: /connectiontimeout=7/ },
  mistyped: { name: "MaxRequestWorker", meant: "MaxRequestWorkers" },
  badValue: { set: { KeepAlive: "sideways" }, words: /the built-in config:\d+: KeepAlive must be On or Off/ },
  hostile: () => [],
};
