/**
 * Puts a part of a config into the blocks that it is written for: a file of `sites-enabled/` into http, the bare
 * location of a panel or a README into a server, what stands in a location into one of its own.
 */
import { type Directive, directive } from "../language/nginx-tree.js";

/** What the text is: a whole config, or what stands in the block of this name. */
export type ConfigShape = "whole" | "http" | "server" | "location";

interface CompleteConfig {
  readonly shape: ConfigShape;
  /** Blocks of wsrally's own around it have no origin. */
  readonly tree: readonly Directive[];
}

/** Stand at the outermost level and nowhere else. */
const outermost = new Set(
  "http events stream mail daemon load_module master_process pid user worker_cpu_affinity worker_processes worker_rlimit_nofile worker_shutdown_timeout".split(
    " ",
  ),
);
/** Stand in http, beside the servers and not in them. */
const besideServers =
  /^(upstream|map|geo|geoip2?|split_clients|log_format|(limit_conn|limit_req)_zone|(proxy|fastcgi|uwsgi|scgi)_cache_path|(server_names|map|variables|types)_hash_\w+|keyval_zone|js_import|lua_(shared_dict|package_\w+)|init(_worker)?_by_lua\w*|server)$/;

export function completeConfig(tree: readonly Directive[]): CompleteConfig {
  const shape = shapeOf(tree);
  if (shape === "whole") return { shape, tree };
  if (shape === "http") return { shape, tree: [block("http", tree)] };
  const outer = tree.filter(({ name }) => besideServers.test(name));
  const inner = tree.filter(({ name }) => !besideServers.test(name));
  const content = shape === "server" ? inner : [{ ...block("location", inner), args: ["/"] }];
  return { shape, tree: [block("http", [...outer, block("server", content)])] };
}

function shapeOf(tree: readonly Directive[]): ConfigShape {
  const has = (isIt: (node: Directive) => boolean): boolean => tree.some(isIt);
  if (has(({ name }) => outermost.has(name))) return "whole";
  if (has(({ name, block }) => name === "server" && block !== null)) return "http";
  if (has(({ name }) => name === "location")) return "server";
  if (has(({ name }) => name === "proxy_pass")) return "location";
  return has(({ name }) => name === "upstream") ? "http" : "whole";
}

function block(name: string, content: readonly Directive[]): Directive {
  return { ...directive(name), block: content };
}
