/**
 * What the config alone shows, whatever was seen.
 */
import { type Finding, fault } from "../../../diagnosis/finding.js";
import { directivesOf } from "../language/config-tree.js";
import { type ConfigView, written } from "./config-view.js";

/** Null where some request is passed on. */
export function deadEnd({ tree, route }: ConfigView): Finding | null {
  if (route === null || [...directivesOf(tree)].some(({ name }) => name === "reverse_proxy")) return null;
  const php = [...directivesOf(tree)].find(({ name }) => name === "php_fastcgi");
  return fault("route", {
    side: "proxy",
    title: "the config passes no request on",
    evidence: [],
    cause:
      php === undefined
        ? "no `reverse_proxy` stands in it, and nothing else of Caddy's passes a WebSocket on"
        : `${written(php)} speaks FastCGI, in which there are no WebSockets, and no \`reverse_proxy\` stands beside it`,
    cure: `in ${route.address.text}:\nreverse_proxy /ws* 127.0.0.1:8080`,
  });
}

export function advise(_view: ConfigView): readonly Finding[] {
  return [];
}
