/**
 * A variable in `proxy_pass` makes nginx look its name up at every request, for which it wants a resolver.
 */
import { isIP } from "node:net";
import { type Finding, fault, warning } from "../../../diagnosis/finding.js";
import { placeOf, walk } from "../language/nginx-tree.js";
import { literalValues } from "../route/variable-values.js";
import type { ConfigView } from "./config-view.js";
import type { Reading } from "./reading.js";

const hostOf = /^(?:https?:\/\/)?(\$\{?\w+\}?|[^/:?#$]+)/i;

/** Nothing when nginx has no name to look up, or somebody to ask. */
export function adviseResolver({ view }: Reading): readonly Finding[] {
  const [pass] = view.effective("proxy_pass");
  const url = pass?.args[0] ?? "";
  if (pass === undefined || !/^(https?:\/\/)?\$/i.test(url) || view.effective("resolver").length > 0)
    return [];
  const first = hostOf.exec(url)?.[1] ?? "";
  const values = first.startsWith("$") ? literalValues(view.tree, first.replace(/[{}]/g, "")) : [first];
  const hosts = values?.map((value) => hostOf.exec(value)?.[1] ?? "") ?? null;
  const known = knownNames(view);
  const names =
    hosts?.filter((host) => isIP(host) === 0 && !known.has(host) && !host.startsWith("unix")) ?? null;
  if (names !== null && names.length === 0) return [];
  const trouble = {
    side: "proxy",
    title:
      names === null
        ? `nginx can look no name up that ${first} may hold`
        : `nginx cannot look ${names.join(", ")} up: it has no resolver`,
    evidence: [
      `config: \`proxy_pass ${url}\` at ${placeOf(pass.origin)}${names === null ? "" : `, which holds ${names.join(", ")}`}`,
      "config: no resolver in the blocks around it",
    ],
    cause:
      'with a variable in proxy_pass nginx looks the name up at each request, not when it starts; without a resolver it logs "no resolver defined to resolve" and answers 502',
    cure: "an upstream { } whose name the variable holds, or in the server the address of this network's DNS:\nresolver 127.0.0.53;",
  } as const;
  return [names === null ? warning("upstream", trouble) : fault("upstream", trouble)];
}

/** Of upstreams, and of other proxy_pass lines: nginx knows their addresses from its start. */
function knownNames({ tree }: ConfigView): Set<string> {
  const names = [...walk(tree)].flatMap(({ node }) => {
    if (node.name === "upstream") return [node.args[0] ?? ""];
    const host = node.name === "proxy_pass" ? hostOf.exec(node.args[0] ?? "")?.[1] : undefined;
    return host === undefined || host.startsWith("$") ? [] : [host];
  });
  return new Set(names);
}
