/**
 * wsrally's backend in place of everything that a config passes requests to, but for its own ports.
 */
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import { addressMarks, backendMark } from "../../instance/address-marks.js";
import type { UpstreamAddress } from "../../proxy.js";
import { type ConfigTree, type Node, nodeText, rewrite, withArgs } from "../language/config-tree.js";
import { flagsOf } from "../route/rewrite-rules.js";
import { isTls, parseTarget, type Target } from "../route/target.js";
import type { AdoptedListeners } from "./adopt-listeners.js";
import type { Adoption } from "./adoption.js";

interface AdoptedUpstreams {
  readonly tree: readonly Node[];
  readonly upstreams: readonly UpstreamAddress[];
}

export function adoptUpstreams(
  tree: ConfigTree,
  sockets: AdoptedListeners["sockets"],
  adoption: Adoption,
): AdoptedUpstreams {
  const upstreams: UpstreamAddress[] = [];
  const addresses: string[] = [];
  const place = (url: string, node: Node): string => {
    const target = parseTarget(url);
    if (target === null || target.scheme === "balancer") return url;
    const hop = hopOf(target, sockets);
    if (hop !== null) return `${target.scheme}://${hop}${target.path}`;
    if (!addresses.includes(target.address)) addresses.push(target.address);
    if (isUpstream(node)) {
      upstreams.push({ address: target.address, origin: placeWords(node.place) });
      adoption.note(`\`${nodeText(node)}\` is wsrally's backend instead`, node.place);
    }
    const mark = backendMark(addresses.indexOf(target.address));
    if (!isTls(target.scheme)) return `${target.scheme}://${mark}${target.path}`;
    if (adoption.backend.overTls !== undefined)
      return `${target.scheme}://${addressMarks.backendTls}${target.path}`;
    if (isUpstream(node)) adoption.note(plainWords, node.place);
    return `${plainScheme(target.scheme)}://${mark}${target.path}`;
  };
  return { tree: rewrite(tree, (node) => [adoptNode(node, place, adoption)]), upstreams };
}

const plainWords = "The backend is asked without TLS: wsrally's speaks none here";

function plainScheme(scheme: string): string {
  return scheme === "h2" ? "h2c" : scheme.replace(/s$/, "");
}

/** Whether it passes requests on by itself, and is not about what another line does. */
function isUpstream({ key }: Node): boolean {
  return key !== "proxy" && key !== "proxyset";
}

/** A port of the same config, on this machine. */
function hopOf({ address }: Target, sockets: AdoptedListeners["sockets"]): string | null {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(host)) return null;
  return (
    sockets.find(({ listener }) => listener.node !== null && listener.port === Number(port))?.mark ?? null
  );
}

function adoptNode(node: Node, place: (url: string, node: Node) => string, adoption: Adoption): Node {
  const { key, args } = node;
  const at = (index: number): Node => {
    const word = args[index];
    if (word === undefined) return node;
    const url = place(word, node);
    return url === word ? node : withArgs(node, args.with(index, url));
  };
  switch (key) {
    case "proxypass":
    case "proxypassmatch":
      return at(args.findIndex((word, index) => index < 2 && parseTarget(word) !== null));
    case "balancermember":
      return withoutChecks(
        at(args.findIndex((word) => (parseTarget(word)?.scheme ?? "balancer") !== "balancer")),
        adoption,
      );
    case "proxy":
    case "proxyset":
      return at(0);
    case "rewriterule":
      return flagsOf(node).has("P") ? at(1) : node;
    case "sethandler": {
      const word = args[0] ?? "";
      if (!/^proxy:/i.test(word)) return node;
      return withArgs(node, [`proxy:${place(word.slice(6), node)}`]);
    }
    default:
      return node;
  }
}

/** Parameters of health checks, which need a module of their own. */
function withoutChecks(node: Node, adoption: Adoption): Node {
  const kept = node.args.filter((word) => !/^hc\w+=/i.test(word));
  if (kept.length === node.args.length) return node;
  noteChecks(adoption, node.place);
  return withArgs(node, kept);
}

function noteChecks(adoption: Adoption, at: Place | null): void {
  adoption.note("The member's health check was left out: wsrally's backend is there, and is not asked", at);
}
