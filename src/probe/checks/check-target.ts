/**
 * Whether the config proxies at all. Where it does not there is nothing to run, and mostly a word is misspelt or a
 * block stands outside http.
 */
import { nearestName } from "../../proxy/nearest-name.js";
import { type Directive, type Path, placeOf, walk } from "../../proxy/nginx/nginx-tree.js";
import { type Finding, fault } from "../finding.js";
import { explainRefusal } from "./explain-refusal.js";

/** @returns null when there is a server to probe */
export function checkTarget(tree: readonly Directive[]): Finding | null {
  if ([...walk(tree)].some(({ node, path }) => node.name === "proxy_pass" && isInServer(path))) return null;
  const nodes = [...walk(tree)].map(({ node }) => node);
  const outside = tree.find(({ name }) => name === "server" || name === "upstream");
  const misspelt = nodes.find(
    ({ name }) => name !== "proxy_pass" && nearestName(name, ["proxy_pass"]) !== null,
  );
  const words =
    outside !== undefined
      ? `"${outside.name}" directive is not allowed here in ${placeOf(outside.origin)}`
      : misspelt !== undefined
        ? `unknown directive "${misspelt.name}" in ${placeOf(misspelt.origin)}`
        : null;
  if (words !== null) {
    return fault("config-refused", {
      side: "proxy",
      title: "the proxy would refuse this config",
      evidence: [`config: ${words}`],
      ...explainRefusal(words),
    });
  }
  return fault("route", {
    side: "proxy",
    title: "no server of the config proxies anything",
    evidence: [
      `config: ${nodes.filter(({ name }) => name === "server").length} servers, no proxy_pass in any`,
    ],
    cause: "without a proxy_pass no request reaches a backend",
    cure: "location /sock { proxy_pass http://HOST:PORT; … }",
  });
}

function isInServer(path: Path): boolean {
  return path[0]?.name === "http" && path.some(({ name }) => name === "server");
}
