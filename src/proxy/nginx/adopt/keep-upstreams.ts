/**
 * The upstreams as the config has them: nothing stands in, and only files are found where the config means them.
 */
import { resolve } from "node:path";
import { type Directive, rewrite } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

const files = /^(proxy|grpc|uwsgi)_ssl_(trusted_certificate|certificate|certificate_key|crl|password_file)$/;

export function keepUpstreams(tree: readonly Directive[], adoption: Adoption): Directive[] {
  return rewrite(tree, (node) => {
    const { name, args, origin } = node;
    const [first = "", ...rest] = args;
    if (name === "proxy_pass")
      adoption.note(`proxy_pass ${first} stays: what answers there is not wsrally's`, origin);
    if (/^ssl_stapling/.test(name) && first !== "off") {
      adoption.note(
        `${name} was left out: it is the run's own certificate that would be asked about`,
        origin,
      );
      return [];
    }
    if (!files.test(name) || first === "" || /[$:]/.test(first)) return [node];
    const path = resolve(adoption.configFolder, first);
    return [{ ...node, args: [adoption.copyOf(path, node) ?? path, ...rest] }];
  });
}
