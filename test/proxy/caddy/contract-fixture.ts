/**
 * Caddy, as the contract tests are told of it.
 */
import { type ContractFixture, upstreamHost } from "../support/contract-fixture.js";

export const caddyFixture: ContractFixture = {
  fileName: "Caddyfile",
  config: ({
    idleS,
    shutdownS,
    isCramped = false,
    mark = "none",
    secret = "none",
    processLine = "",
    routeLine = "",
  } = {}) => `{
	grace_period 5s
	${processLine}
}
http://:8443 {
	respond /mark \`${mark}\`
	${routeLine}
	reverse_proxy ${upstreamHost}:9000 {
		${isCramped ? "unhealthy_request_count 20" : ""}
		header_up Authorization "Bearer ${secret}"
		${shutdownS === undefined ? "" : `stream_close_delay ${shutdownS}s`}
		${idleS === undefined ? "" : `transport http {\n\t\t\tread_timeout ${idleS}s\n\t\t}`}
	}
}
`,
  countsNoWorkers: true,
  closesAtReload: true,
  brokenLine: { line: "redirr /a /b", words: /unrecognized directive: redirr/ },
  accepted: { set: { stream_timeout: "7m" }, shows: /stream_timeout 7m/ },
  mistyped: { name: "stream_timeot", meant: "stream_timeout" },
  badValue: {
    set: { lb_policy: "sideways" },
    words: /the built-in config:\d+.*sideways|sideways.*the built-in config:\d+/,
  },
  hostile: ({ folder, file, host, tcpPort, udpPort, variable }) => [
    { processLine: `import ${file}` },
    { processLine: `admin ${host}:${tcpPort}` },
    { processLine: `storage file_system ${folder}/storage` },
    { processLine: `log {\n\t\toutput file ${folder}/access.log\n\t}` },
    { processLine: `log {\n\t\toutput net ${host}:${tcpPort}\n\t}` },
    { processLine: `acme_ca https://${host}:${tcpPort}/directory\n\temail a@b.test` },
    { processLine: `on_demand_tls {\n\t\task http://${host}:${tcpPort}/\n\t}` },
    { routeLine: `import ${file}` },
    { routeLine: `respond /decoy "{file.${file}}"` },
    { routeLine: `respond /decoy "{env.${variable}} {$${variable}}"` },
    { routeLine: `header X-Decoy {file.${file}}` },
    { routeLine: `root * ${folder}\n\tfile_server` },
    { routeLine: `root * ${folder}\n\ttemplates\n\tfile_server` },
    { routeLine: `reverse_proxy /decoy ${host}:${tcpPort}` },
    {
      routeLine: `reverse_proxy /decoy {\n\t\tto ${host}:${tcpPort}\n\t\thealth_uri /\n\t\thealth_interval 10ms\n\t}`,
    },
    { routeLine: `forward_auth /decoy ${host}:${tcpPort} {\n\t\turi /\n\t}` },
    { routeLine: `php_fastcgi /decoy ${host}:${tcpPort}` },
    {
      routeLine: `reverse_proxy /decoy {\n\t\tdynamic a decoy.test 80 {\n\t\t\tresolvers ${host}:${udpPort}\n\t\t}\n\t}`,
    },
    { routeLine: `log {\n\t\toutput file ${folder}/access.log\n\t}` },
    { routeLine: `tracing {\n\t\tspan a\n\t}` },
    { routeLine: `@a file ${file}\n\trespond @a "there"` },
    {
      routeLine: `reverse_proxy /decoy https://a.test {\n\t\ttransport http {\n\t\t\ttls_trusted_ca_certs ${file}\n\t\t}\n\t}`,
    },
  ],
};
