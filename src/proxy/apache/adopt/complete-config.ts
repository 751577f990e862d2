/**
 * What a copy has of its own: modules, files of the private folder, a log, and room where the config says nothing of it.
 */
import { type ConfigTree, directive, type Node } from "../language/config-tree.js";
import { ownLines, roomFor } from "../run/template.js";

interface CompleteTerms {
  readonly loads: ConfigTree;
  /** Whether it is a part of a config, which says nothing of its Apache. */
  readonly isPart: boolean;
  readonly connections: number;
  /** Whether the log is to tell of a quiet WebSocket's end, which Apache does in its most talkative mood alone. */
  readonly tellsIdle: boolean;
}

/** Threads and children of an MPM. */
const room = /^(?:maxrequestworkers|maxclients|threadsperchild|serverlimit|startservers)$/;

export function completeConfig(
  tree: ConfigTree,
  { loads, isPart, connections, tellsIdle }: CompleteTerms,
): Node[] {
  const isSized = isPart && !tree.some(({ key }) => room.test(key));
  return [
    ...ownLines.map(([name, value]) => ({ ...directive(name), text: value })),
    ...loads,
    directive("LogLevel", "notice", ...(tellsIdle ? ["proxy:trace1"] : [])),
    ...(isSized ? roomFor(connections).map(([name, value]) => directive(name, value)) : []),
    ...(tree.some(({ key }) => key === "servername") ? [] : [directive("ServerName", "wsrally")]),
    ...tree.map(named),
  ];
}

/** Of a virtual host without a name Apache would ask for its address's. */
function named(node: Node): Node {
  if (node.key !== "virtualhost" || (node.block ?? []).some(({ key }) => key === "servername")) return node;
  return { ...node, block: [directive("ServerName", "wsrally.invalid"), ...(node.block ?? [])] };
}
