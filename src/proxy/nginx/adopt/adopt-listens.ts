/**
 * Moves every listening socket of a config to a free port of loopback. The server under test gets a socket of its
 * own, so that a request reaches it whatever its Host header is.
 */
import { UsageError } from "../../../base/errors.js";
import { isListenAddress, normalAddress } from "../language/listen-address.js";
import { type Directive, directive, placeOf, rewrite, walk } from "../language/nginx-tree.js";
import { marks } from "../run/config-marks.js";
import type { Adoption } from "./adoption.js";
import { refuseDoubledListens } from "./doubled-listens.js";

interface AdoptedListens {
  readonly tree: readonly Directive[];
  /** Marks 0 to this, exclusive, are in the tree. */
  readonly listenCount: number;
  readonly tls: boolean;
  /** The mark of every address that the config listens at, as `normalAddress` writes it. */
  readonly marksByAddress: ReadonlyMap<string, string>;
}

/** Meaningless on an IPv4 loopback socket, or a header that the generator does not send. */
const droppedParameter = /^(ipv6only=.*|proxy_protocol)$/;
/** What belongs to the socket, whichever server's listen it was written at. */
const socketParameter =
  /^(ssl|http2|deferred|reuseport|backlog=.*|so_keepalive=.*|rcvbuf=.*|sndbuf=.*|fastopen=.*)$/;

/**
 * @param target the server to measure; null where there is none, and nginx is only asked for its opinion
 * @throws UsageError when the server takes nothing but QUIC
 */
export function adoptListens(
  tree: readonly Directive[],
  target: Directive | null,
  adoption: Adoption,
): AdoptedListens {
  const listens = [...walk(tree)].filter(({ node }) => node.name === "listen").map(({ node }) => node);
  refuseDoubledListens(tree);
  const ofTarget = (target?.block ?? []).filter(({ name }) => name === "listen");
  const own = ofTarget.filter(({ args }) => !args.includes("quic"));
  if (own.length === 0 && ofTarget[0] !== undefined) {
    throw new UsageError(
      `Cannot measure the server at ${placeOf(target?.origin ?? null)}: it listens for QUIC only, ` +
        "and no WebSocket goes over HTTP/3",
    );
  }
  const speaksTls = (listen: Directive): boolean => socketParameters(listen, listens).includes("ssl");
  // TLS before plain, TCP before a Unix socket, IPv4 before IPv6: the first is what clients most likely use.
  const rank = (listen: Directive): number =>
    (speaksTls(listen) ? 4 : 0) +
    (listen.args[0]?.startsWith("unix:") ? 0 : 2) +
    (listen.args[0]?.startsWith("[") ? 0 : 1);
  const measured = [...own].sort((a, b) => rank(b) - rank(a))[0];
  const tls = switchesTlsOn(tree, target) || (measured !== undefined && speaksTls(measured));
  const numbers = new Map<string, number>();
  const numberOf = (address: string): number => {
    const number = numbers.get(address) ?? numbers.size + 1;
    numbers.set(address, number);
    return number;
  };
  const marksByAddress = new Map<string, string>();
  const adopted = rewrite(tree, (node, path) => {
    if (node === target && measured === undefined) return [withListen(node, adoption)];
    const added = node.origin === null;
    if (node.name !== "listen" || path.at(-1)?.name !== "server" || added) return [node];
    if (node.args.includes("quic")) {
      adoption.note("A listen for QUIC was left out", node.origin);
      return [];
    }
    // Anything else is left for nginx to refuse.
    if (!isListenAddress(node.args[0] ?? "")) return [node];
    noteListen(node, adoption);
    const [address = "", ...parameters] = node.args;
    const kept = parameters.filter((word) => !droppedParameter.test(word));
    const shared = node === measured ? socketParameters(node, listens) : [];
    const mark = marks.listen(node === measured ? 0 : numberOf(normalAddress(address)));
    // Where others listen there too, they are whom a pass to the address is meant for.
    if (node !== measured || !marksByAddress.has(normalAddress(address)))
      marksByAddress.set(normalAddress(address), mark);
    return [{ ...node, args: [mark, ...new Set([...kept, ...shared])] }];
  });
  if (own.length > 1) {
    adoption.note(
      `Of the server's listens, \`listen ${measured?.args.join(" ")}\` is the one that is measured`,
      measured?.origin ?? null,
    );
  }
  return { tree: adopted, listenCount: numbers.size + 1, tls, marksByAddress };
}

function noteListen({ args, origin }: Directive, adoption: Adoption): void {
  adoption.note(`\`listen ${args.join(" ")}\` is a free port of 127.0.0.1 instead`, origin);
  for (const dropped of args.filter((word) => droppedParameter.test(word))) {
    adoption.note(`The listen parameter ${dropped} was left out`, origin);
  }
}

/** `ssl on`, as it was written before the listen parameter; nginx 1.25.1 took it away. */
function switchesTlsOn(tree: readonly Directive[], target: Directive | null): boolean {
  return [...walk(tree)].some(
    ({ node, path }) =>
      node.name === "ssl" &&
      node.args[0] === "on" &&
      ((target !== null && path.at(-1) === target) || path.at(-1)?.name === "http"),
  );
}

/** Of all listens at the same address: nginx applies them to the one socket they share. */
function socketParameters(listen: Directive, listens: readonly Directive[]): string[] {
  const address = normalAddress(listen.args[0] ?? "");
  return listens
    .filter(({ args }) => normalAddress(args[0] ?? "") === address)
    .flatMap(({ args }) => args.slice(1).filter((word) => socketParameter.test(word)));
}

/** A server without a listen has nginx's default, port 80. */
function withListen(server: Directive, adoption: Adoption): Directive {
  adoption.note(
    "The server listens on a free port of 127.0.0.1 in place of nginx's default port",
    server.origin,
  );
  return { ...server, block: [directive("listen", marks.listen(0)), ...(server.block ?? [])] };
}
