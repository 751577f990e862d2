/**
 * Which of a config's servers is the one to measure.
 */
import { type Directive, walk } from "./nginx-tree.js";

/**
 * The first that proxies with an Upgrade header and has a location for the path; else the first that proxies with an
 * Upgrade header; else the first that proxies. Null when none does.
 */
export function findTargetServer(tree: readonly Directive[], webSocketPath: string): Directive | null {
  let best: { server: Directive; rank: number } | null = null;
  for (const { node, path } of walk(tree)) {
    if (node.name !== "server" || node.block === null || path.at(-1)?.name !== "http") continue;
    const inherited = path.flatMap((outer) => outer.block ?? []).some(setsUpgrade);
    const rank = rankOf(node, inherited, webSocketPath.split("?")[0] ?? "/");
    if (rank > (best?.rank ?? 0)) best = { server: node, rank };
  }
  return best?.server ?? null;
}

function rankOf(server: Directive, inheritsUpgrade: boolean, webSocketPath: string): number {
  const nodes = [...walk([server])];
  const passes = nodes.filter(({ node }) => node.name === "proxy_pass");
  if (passes.length === 0) return 0;
  const upgrades = inheritsUpgrade || nodes.some(({ node }) => setsUpgrade(node));
  const serves = passes.some(({ path }) =>
    path.filter(({ name }) => name === "location").every((location) => matches(location, webSocketPath)),
  );
  return 1 + (upgrades ? 2 : 0) + (serves ? 1 : 0);
}

function setsUpgrade({ name, args }: Directive): boolean {
  return name === "proxy_set_header" && args[0]?.toLowerCase() === "upgrade";
}

function matches({ args }: Directive, webSocketPath: string): boolean {
  const [first = "", second = ""] = args;
  switch (first) {
    case "=":
      return webSocketPath === second;
    case "^~":
      return webSocketPath.startsWith(second);
    case "~":
    case "~*":
      return matchesPattern(second, first === "~*" ? "i" : "", webSocketPath);
    default:
      return webSocketPath.startsWith(first);
  }
}

function matchesPattern(pattern: string, flags: string, webSocketPath: string): boolean {
  try {
    return new RegExp(pattern, flags).test(webSocketPath);
  } catch {
    // PCRE knows forms that JavaScript does not; the rank is only a preference.
    return false;
  }
}
