import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textAt } from "#wsrally/proxy/envoy/language/config-node.js";
import { parseConfig } from "#wsrally/proxy/envoy/language/parse-config.js";
import { browserRequest } from "#wsrally/proxy/envoy/route/request.js";
import { selectHost } from "#wsrally/proxy/envoy/route/select-host.js";
import { selectRoute } from "#wsrally/proxy/envoy/route/select-route.js";
import { type ConfigMap, nodeOf } from "#wsrally/proxy/tree/config-node.js";

function hostsOf(...domains: readonly (readonly string[])[]): ConfigMap {
  const virtual_hosts = domains.map((list, at) => ({ name: String(at), domains: list }));
  return nodeOf({ virtual_hosts }) as ConfigMap;
}

/** As Envoy's documents have it: whole, `*.name`, `name.*`, any; and Envoy itself answered so. */
const hosts: readonly (readonly [
  host: string,
  domains: readonly (readonly string[])[],
  found: string | null,
])[] = [
  ["a.b", [["*"], ["a.b"]], "1"],
  ["A.B", [["a.b"]], "0"],
  ["x.a.b", [["*.b"], ["*.a.b"], ["x.*"]], "1"],
  ["x.c", [["x.*"], ["*"]], "0"],
  ["a.b", [["*.a.b"]], null],
  ["a.b:8000", [["a.b"]], null],
  ["a.b:8000", [["a.b:8000"], ["*"]], "0"],
  ["a.b:8000", [["a.b*"]], "0"],
];

describe("selectHost()", () => {
  for (const [host, domains, found] of hosts)
    it(`${host} among ${JSON.stringify(domains)} is ${found}`, () => {
      const terms = { manager: nodeOf({}), routes: hostsOf(...domains) };
      assert.equal(textAt(selectHost(host, terms), "name"), found);
    });
  for (const name of ["strip_any_host_port", "strip_matching_host_port"])
    it(`takes the port off with ${name}`, () => {
      const terms = { manager: nodeOf({ [name]: true }), routes: hostsOf(["a.b"]) };
      assert.equal(textAt(selectHost("a.b:1", terms), "name"), "0");
    });
});

/** Each condition beside a route that takes all; whether a browser's request for /ws?room=1 takes it. */
const matches: readonly (readonly [match: string, takes: boolean | null])[] = [
  ["{prefix: /ws}", true],
  ["{prefix: /WS}", false],
  ["{prefix: /WS, case_sensitive: false}", true],
  ["{path: /ws}", true],
  ["{path: /ws/}", false],
  ["{path_separated_prefix: /w}", false],
  ["{path_separated_prefix: /ws}", true],
  ["{safe_regex: {regex: '/w.'}}", true],
  ["{safe_regex: {regex: 's'}}", false],
  ["{prefix: /, headers: [{name: upgrade, string_match: {exact: WebSocket}}]}", false],
  ["{prefix: /, headers: [{name: Upgrade, string_match: {exact: WebSocket, ignore_case: true}}]}", true],
  ["{prefix: /, headers: [{name: upgrade, exact_match: websocket}]}", true],
  ["{prefix: /, headers: [{name: upgrade, present_match: true, invert_match: true}]}", false],
  ["{prefix: /, headers: [{name: x-none, present_match: false}]}", true],
  ["{prefix: /, headers: [{name: ':method', string_match: {prefix: P}}]}", false],
  ["{prefix: /, query_parameters: [{name: room, string_match: {exact: '1'}}]}", true],
  ["{prefix: /, query_parameters: [{name: none}]}", false],
  ["{prefix: /, grpc: {}}", false],
  ["{connect_matcher: {}}", false],
  ["{prefix: /, runtime_fraction: {default_value: {numerator: 1}}}", null],
];

describe("selectRoute()", () => {
  for (const [match, takes] of matches)
    it(`${match} ${takes === null ? "is Envoy's to tell" : takes ? "takes it" : "leaves it"}`, () => {
      const routes = parseConfig(
        "a.yaml",
        `routes: [{name: one, match: ${match}}, {name: all, match: {prefix: /}}]`,
      );
      const selected = selectRoute(routes, browserRequest({ path: "/ws?room=1", host: "a.b", tls: false }));
      assert.equal(textAt(selected?.route ?? null, "name"), takes === true ? "one" : "all");
      assert.equal(selected?.uncertain.length, takes === null ? 1 : 0);
    });
});
