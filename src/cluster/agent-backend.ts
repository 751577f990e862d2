/**
 * The backends of all agents as one: the proxy spreads its connections over them, and each stamps what comes from its own
 * host.
 */
import { mergeBackendReports } from "../backend/backend-group.js";
import type { Backend } from "../backend/backend-process.js";
import type { BackendReport } from "../backend/messages.js";
import type { PongServerOptions } from "../backend/pong-server.js";
import { createPrng, shuffled } from "../base/prng.js";
import { addressOf } from "./agent-address.js";
import type { AgentLink } from "./agent-link.js";
import { expectAnswer } from "./expect-answer.js";
import type { BackendPlace } from "./protocol.js";

/**
 * Starts one on each agent, where its `--address` says.
 * @param place left out: what arms have behind them
 * @throws EnvironmentError when one cannot listen or its name is not known here; AgentLostError
 */
export async function startAgentBackends(
  links: readonly AgentLink[],
  options: Omit<PongServerOptions, "host" | "port">,
  place: BackendPlace = "first",
): Promise<Backend> {
  const servers = await Promise.all(
    links.map(async (link) => {
      const host = await addressOf(link.facts);
      const given = await link.ask({ kind: "listen", place, options: { ...options, host, port: 0 } });
      return { ...expectAnswer("listening", given).server, host };
    }),
  );
  const [first, ...others] = inMixedOrder(servers);
  if (first === undefined) throw new RangeError("A backend needs an agent");
  const ask = async (kind: "report" | "reset"): Promise<BackendReport> => {
    const given = await Promise.all(links.map((link) => link.ask({ kind, place })));
    const merged = mergeBackendReports(given.map((answer) => expectAnswer("report", answer).report));
    // Of a host, for its share of a processor stands beside those of others.
    return { ...merged, cpuNs: merged.cpuNs / links.length };
  };
  return {
    pids: [],
    // All of them stamp, or none is asked to.
    engine: servers.every(({ engine }) => engine === "epoll") ? "epoll" : "ws",
    ...first,
    ports: [first.port],
    others,
    report: () => ask("report"),
    reset: () => ask("reset"),
    // Each stamps what its own host has sent.
    sharesClock: true,
    goesDown: servers.every(({ engine }) => engine === "epoll"),
    push: null,
    async take(posture) {
      await Promise.all(links.map((link) => link.ask({ kind: "take", place, posture })));
    },
    // They end with the agents' session.
    stop: () => Promise.resolve(),
  };
}

/** Addresses that mix well enough. */
const mixedAddresses = 64;
const mostPorts = 8;

/** How many ports each of so many backends needs for `inMixedOrder`. */
export function portsToMix(backends: number): number {
  return Math.min(mostPorts, Math.ceil(mixedAddresses / backends));
}

/**
 * All addresses in an order that nobody keeps step with, for proxies that take them in turn: agents open their connections
 * in turn as well, and if both kept step, all of them would come home, or none.
 */
export function inMixedOrder(
  servers: readonly { readonly host: string; readonly ports: readonly number[] }[],
): { readonly host: string; readonly port: number }[] {
  const all = servers.flatMap(({ host, ports }) => ports.map((port) => ({ host, port })));
  // The same in every run.
  return shuffled(all, createPrng(servers.length));
}
