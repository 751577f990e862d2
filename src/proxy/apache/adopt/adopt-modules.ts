/**
 * Modules of a config: this machine's own of the same name, and nothing of those that are left out.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ConfigTree, directive, type Node, rewrite, section, walk } from "../language/config-tree.js";
import { modulesOf } from "../language/directive-modules.js";
import { foreignModule, keptModules, moduleName, whyLeftOut } from "../language/modules.js";
import { flagsOf } from "../route/rewrite-rules.js";
import { parseTarget } from "../route/target.js";
import { modulesMark } from "../run/template.js";
import type { Adoption } from "./adoption.js";
import { leftOut } from "./left-out.js";

/** Before what needs them. */
const first = ["mpm_event", "mpm_worker", "mpm_prefork", "unixd", "slotmem_shm", "proxy", "socache_shmcb"];
/** Of every Apache, and harmless to load twice behind a condition. */
const always = ["unixd", "authz_core"];
/** In the program itself, or of no use to the copy. */
const notLoaded = new Set([
  "core",
  "http",
  "so",
  "mpm",
  "log_config",
  "logio",
  "watchdog",
  "version",
  "macro",
]);

export interface AdoptedModules {
  /** Without LoadModule, and without directives of what is left out. */
  readonly tree: readonly Node[];
  /** Lines that load what stays, in an order that works. */
  readonly loads: readonly Node[];
  readonly modules: ReadonlySet<string>;
}

/**
 * @param isPart whether the config says nothing of modules, so that those are loaded which it uses
 * @param folder of this machine's modules; null where it is not known
 */
export function adoptModules(
  tree: ConfigTree,
  adoption: Adoption,
  { isPart, folder }: { readonly isPart: boolean; readonly folder: string | null },
): AdoptedModules {
  const dropped = new Map<string, string>();
  const wanted = new Set<string>(always);
  const isHere = (name: string): boolean => folder === null || existsSync(join(folder, `mod_${name}.so`));
  for (const { key, args, place } of tree) {
    if (key !== "loadmodule") continue;
    const name = moduleName(args[0] ?? "") ?? args[0] ?? "";
    if (notLoaded.has(name) || name === "unixd") continue;
    if (!keptModules.has(name)) {
      dropped.set(name, whyLeftOut(name));
      adoption.note(`mod_${name} was left out: ${whyLeftOut(name)}`, place);
    } else if (isHere(name)) wanted.add(name);
    else adoption.note(`mod_${name} was left out: this machine's Apache has none`, place);
  }
  if (isPart) for (const name of usedBy(tree)) if (isHere(name)) wanted.add(name);
  if (!["mpm_event", "mpm_worker", "mpm_prefork"].some((name) => wanted.has(name))) wanted.add("mpm_event");
  const order = [
    ...first.filter((name) => wanted.has(name)),
    ...[...wanted].filter((name) => !first.includes(name)),
  ];
  return {
    tree: rewrite(tree, (node) => withoutModules(node, { adoption, dropped, isPart })),
    loads: order.map((name) =>
      section(
        "IfModule",
        [`!${name}_module`],
        [directive("LoadModule", `${name}_module`, `${modulesMark}/mod_${name}.so`)],
      ),
    ),
    modules: wanted,
  };
}

interface Terms {
  readonly adoption: Adoption;
  readonly dropped: ReadonlyMap<string, string>;
  readonly isPart: boolean;
}

function withoutModules(node: Node, { adoption, dropped, isPart }: Terms): readonly Node[] {
  const { key, name, place } = node;
  if (key === "loadmodule") return [];
  if (key === "loadfile") return noted(node, adoption, "no code of a config runs");
  const owners = modulesOf(key);
  if (owners.length === 0) {
    const foreign = foreignModule(key);
    if (foreign === null) return [node];
    return noted(node, adoption, `mod_${foreign} is none of Apache's own`);
  }
  if (leftOut.has(key) || owners.some((owner) => owner === "mpm" || keptModules.has(owner))) return [node];
  // What no module of the config knows is Apache's to refuse.
  const why =
    owners.map((owner) => dropped.get(owner)).find((one) => one !== undefined) ??
    (isPart ? whyLeftOut(owners[0] as string) : undefined);
  if (why === undefined) return [node];
  adoption.note(`${name} was left out: ${why}`, place);
  return [];
}

function noted({ name, place }: Node, adoption: Adoption, why: string): readonly Node[] {
  adoption.note(`${name} was left out: ${why}`, place);
  return [];
}

/** Modules that the lines of a config ask for. */
function usedBy(tree: ConfigTree): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { node } of walk(tree)) {
    for (const owner of modulesOf(node.key))
      if (keptModules.has(owner) && !notLoaded.has(owner)) used.add(owner);
    for (const name of askedBy(node)) used.add(name);
  }
  used.delete("mpm_worker");
  used.delete("mpm_prefork");
  return used;
}

const ofSchemes: Readonly<Record<string, readonly string[]>> = {
  http: ["proxy_http"],
  https: ["proxy_http", "ssl"],
  ws: ["proxy_http", "proxy_wstunnel"],
  wss: ["proxy_http", "proxy_wstunnel", "ssl"],
  h2: ["proxy_http2", "ssl"],
  h2c: ["proxy_http2"],
  ajp: ["proxy_ajp"],
  fcgi: ["proxy_fcgi"],
  scgi: ["proxy_scgi"],
  uwsgi: ["proxy_uwsgi"],
  balancer: ["proxy_balancer", "slotmem_shm", "lbmethod_byrequests"],
};

function askedBy(node: Node): readonly string[] {
  const { key, args } = node;
  const schemes = args.flatMap((word) => {
    const scheme = parseTarget(word.replace(/^proxy:/i, ""))?.scheme;
    return scheme === undefined ? [] : (ofSchemes[scheme] ?? []);
  });
  const isProxied = /^(?:proxypass|proxypassmatch|balancermember|sethandler|proxy)$/.test(key);
  if (isProxied || (key === "rewriterule" && flagsOf(node).has("P")))
    return schemes.length === 0 ? [] : ["proxy", ...schemes, ...lbMethod(args)];
  if (key === "proxyset") return lbMethod(args);
  if (key === "require") {
    const words = args.filter((word) => word.toLowerCase() !== "not");
    if (/^(?:ip|host|local|forward-dns)$/i.test(words[0] ?? "")) return ["authz_host"];
    if (/^(?:user|valid-user)$/i.test(words[0] ?? "")) return ["authz_user"];
    return /^group$/i.test(words[0] ?? "") ? ["authz_groupfile"] : [];
  }
  if (key === "authtype") return ["authn_core", "authn_file", "auth_basic"];
  if (key === "sslsessioncache") return ["socache_shmcb"];
  if (/^(?:setoutputfilter|addoutputfilter)/.test(key))
    return args.some((word) => /DEFLATE/i.test(word)) ? ["deflate"] : [];
  return [];
}

function lbMethod(args: readonly string[]): readonly string[] {
  const method = args.map((word) => /^lbmethod=(\w+)$/i.exec(word)?.[1]).find((one) => one !== undefined);
  return method !== undefined && keptModules.has(`lbmethod_${method}`) ? [`lbmethod_${method}`] : [];
}
