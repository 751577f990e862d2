/**
 * Moves every listening socket of a config to a free port of loopback. The one that is measured has number 0.
 */
import { addressMarks } from "../../instance/address-marks.js";
import { type ConfigTree, directive, type Node, withArgs } from "../language/config-tree.js";
import { type Listener, listenersOf, parseHostAddress } from "../route/listeners.js";
import type { Adoption } from "./adoption.js";

export interface AdoptedListeners {
  readonly tree: readonly Node[];
  readonly listenCount: number;
  /** What each mark stands for. */
  readonly sockets: readonly { readonly listener: Listener; readonly mark: string }[];
}

/** @param measured the listener; null where there is none */
export function adoptListeners(
  tree: ConfigTree,
  measured: Listener | null,
  adoption: Adoption,
): AdoptedListeners {
  const listeners = listenersOf(tree);
  let next = 1;
  const sockets = listeners.map((listener) => ({
    listener,
    mark: addressMarks.listen(listener === measured || isSame(listener, measured) ? 0 : next++),
  }));
  const added: Node[] = [];
  for (const { listener, mark } of sockets) {
    if (listener.node !== null) continue;
    adoption.note(
      `Port ${listener.port} is a free port of 127.0.0.1 instead`,
      portPlace(tree, listener.port),
    );
    added.push(directive("Listen", mark));
  }
  const adopted = tree.flatMap((node) => {
    if (node.key === "listen") {
      const socket = sockets.find(({ listener }) => listener.node === node);
      if (socket === undefined) return [node];
      adoption.note(`\`Listen ${node.args[0]}\` is a free port of 127.0.0.1 instead`, node.place);
      return [withArgs(node, [socket.mark, ...node.args.slice(1)])];
    }
    return node.key === "virtualhost" ? adoptHost(node, sockets, adoption) : [node];
  });
  return { tree: [...added, ...adopted], listenCount: Math.max(1, next), sockets };
}

function isSame(one: Listener, other: Listener | null): boolean {
  return one.node === (other?.node ?? null) && one.port === other?.port && one.host === other.host;
}

function portPlace(tree: ConfigTree, port: number): Node["place"] {
  const host = tree.find(
    ({ key, args }) => key === "virtualhost" && args.some((word) => parseHostAddress(word).port === port),
  );
  return host?.place ?? null;
}

function adoptHost(host: Node, sockets: AdoptedListeners["sockets"], adoption: Adoption): Node[] {
  const marks = host.args.flatMap((word) => {
    const address = parseHostAddress(word);
    const isAny = address.host === null && address.port === null;
    if (isAny) return ["*"];
    const fitting = sockets.filter(({ listener }) => {
      const isPort = address.port === null || address.port === listener.port;
      return isPort && (address.host === null || listener.host === null || listener.host === address.host);
    });
    return fitting.map(({ mark }) => mark);
  });
  if (marks.length > 0) return [withArgs(host, [...new Set(marks)])];
  adoption.note(
    `\`<VirtualHost ${host.args.join(" ")}>\` was left out: nothing of the config listens there`,
    host.place,
  );
  return [];
}
