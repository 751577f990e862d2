/**
 * Whether the config proxies at all. Where it does not there is nothing to run, and mostly a word is misspelt or a
 * block stands outside http.
 */
import { UsageError } from "../../../base/errors.js";
import { nearestName } from "../../../base/nearest-name.js";
import { type Finding, fault } from "../../../diagnosis/finding.js";
import { type Directive, type Path, placeOf, walk, written } from "../language/nginx-tree.js";
import { markInTree, type TemplateMark } from "../language/template-marks.js";
import { explainTemplate, explainWords, templateTitle } from "./explain-refusal.js";
import { answererIn } from "./explain-static.js";

/**
 * @returns null when there is a server to probe
 * @throws UsageError for a config that proxies TCP alone
 */
export function explainDeadEnd(tree: readonly Directive[]): Finding | null {
  if ([...walk(tree)].some(({ node, path }) => node.name === "proxy_pass" && isInServer(path))) return null;
  const mark = markInTree(tree);
  if (mark !== null) return template(mark);
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
      ...explainWords(words),
    });
  }
  const stream = tree.find(({ name, block }) => name === "stream" && block !== null);
  if (stream !== undefined && nodes.some(({ name }) => name === "proxy_pass")) {
    throw new UsageError(
      `Cannot adopt ${placeOf(stream.origin)}: stream { } passes TCP on and reads no HTTP, so that there is no handshake ` +
        "to look into; probe it while it runs: wsrally probe ws://HOST:PORT/PATH",
    );
  }
  const other = nodes.find(({ name }) => /^(grpc|fastcgi|uwsgi|scgi)_pass$/.test(name));
  if (other !== undefined) {
    return fault("route", {
      side: "proxy",
      title: `the config passes requests on by ${other.name} alone, which carries no WebSocket`,
      evidence: [`config: ${written(other)}, no proxy_pass`],
      cause: "of nginx's passes proxy_pass alone can pass an upgrade on",
      cure: 'a location for the WebSocket:\nlocation /sock {\n  proxy_pass http://HOST:PORT;\n  proxy_http_version 1.1;\n  proxy_set_header Upgrade $http_upgrade;\n  proxy_set_header Connection "upgrade";\n}',
    });
  }
  return answeredByItself(tree) ?? nothingProxied(nodes);
}

function template(mark: TemplateMark): Finding {
  const { cause, cure } = explainTemplate(mark, "takes it as it stands");
  const evidence = [`config: \`${mark.text}\` at ${placeOf(mark.origin)}`];
  return fault("config-refused", { side: "proxy", title: templateTitle, evidence, cause, cure });
}

/** Passenger, Lua and their like, where there is no pass at all. */
function answeredByItself(tree: readonly Directive[]): Finding | null {
  const blocks = [...walk(tree)].flatMap(({ node }) =>
    /^(server|location)$/.test(node.name) ? [node.block ?? []] : [],
  );
  const found = blocks.map(answererIn).find((one) => one !== null) ?? null;
  if (found === null) return null;
  const { node, cause, cure } = found;
  return fault("route", {
    side: "proxy",
    title: `requests are answered by ${node.name}, and no server passes any on`,
    evidence: [`config: ${node.name} at ${placeOf(node.origin)}, no proxy_pass`],
    cause,
    cure,
  });
}

function nothingProxied(nodes: readonly Directive[]): Finding {
  const servers = nodes.filter(({ name, block }) => name === "server" && block !== null).length;
  const isSnippet = servers === 0;
  return fault("route", {
    side: "proxy",
    title: "no server of the config proxies anything",
    evidence: [`config: ${servers} servers, no proxy_pass in any`],
    cause: isSnippet
      ? "the file is a part of a config, without the server or the location that passes requests on"
      : "without a proxy_pass no request reaches a backend",
    cure: isSnippet
      ? "probe the file that includes it, or has the location with proxy_pass"
      : "location /sock { proxy_pass http://HOST:PORT; … }",
  });
}

function isInServer(path: Path): boolean {
  return path[0]?.name === "http" && path.some(({ name }) => name === "server");
}
