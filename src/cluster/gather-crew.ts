/**
 * Finds the agents that a run asks for, and hires them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { monotonicClock } from "../base/clock.js";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { toolVersion } from "../base/tool-version.js";
import { AgentLink } from "./agent-link.js";
import { connectNats } from "./connect-nats.js";
import { noCredentials, readCredentials } from "./credentials.js";
import { Crew } from "./crew.js";
import { unpack } from "./packing.js";
import type { AgentAnswer, AgentFacts } from "./protocol.js";
import { rollCall, subjectFrom } from "./subjects.js";

/** The agents that a user asks for. */
export interface CrewWish {
  /** Of the NATS server. */
  readonly url: string;
  readonly credentialsFile: string | null;
  /** So many that make load; 0 where this machine does. */
  readonly agents: number;
  /** The agent on whose host proxies run; null for this machine. */
  readonly proxyAgent: string | null;
  /** Where other hosts reach what runs here; null for loopback. */
  readonly facing: string | null;
}

/** For one run. */
export interface CrewOrder extends CrewWish {
  /** The run's own name, for agents' words. */
  readonly run: string;
}

/** A container takes its time to start. */
const waitNs = 60e9;
const askEveryMs = 250;

/**
 * Waits until so many are there.
 * @throws EnvironmentError when they do not come within a minute, or cannot work with this controller; UsageError
 */
export async function gatherCrew(order: CrewOrder, signal: AbortSignal): Promise<Crew> {
  const { url, credentialsFile, run } = order;
  const credentials = credentialsFile === null ? noCredentials : readCredentials(credentialsFile);
  const connection = await connectNats({ url, credentials, name: `wsrally ${run}`, comesBack: false });
  try {
    const { loaders, proxyHost } = await callRoll(connection, order, signal);
    const all = new Map(
      [...loaders, ...(proxyHost === null ? [] : [proxyHost])].map((one) => [one.name, one]),
    );
    for (const facts of all.values()) requireOwnVersion(facts);
    const links = new Map([...all].map(([name, facts]) => [name, new AgentLink(connection, run, facts)]));
    const linkOf = ({ name }: AgentFacts): AgentLink => links.get(name) as AgentLink;
    hearAll(connection, [...links.values()]);
    const crew = new Crew(connection, {
      loaders: loaders.map(linkOf),
      proxyHost: proxyHost === null ? null : linkOf(proxyHost),
    });
    await Promise.all(crew.links.map((link) => link.hire()));
    // Those that make load are asked before each start.
    await crew.proxyHost?.settleClock();
    return crew;
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
}

/** Those that are there and free; none is hired. @throws EnvironmentError when the NATS server does not let us in; UsageError */
export async function findAgents(
  { url, credentialsFile }: Pick<CrewWish, "url" | "credentialsFile">,
  signal: AbortSignal,
): Promise<Pick<AgentFacts, "name" | "role" | "host">[]> {
  const credentials = credentialsFile === null ? noCredentials : readCredentials(credentialsFile);
  const connection = await connectNats({ url, credentials, name: "wsrally --dry-run", comesBack: false });
  const found = new Map<string, AgentFacts>();
  const ear = listen(connection, found);
  try {
    await ear.call(signal);
  } finally {
    ear.close();
    await connection.close();
  }
  return [...found.values()]
    .map(({ name, role, host }) => ({ name, role, host }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Roll {
  readonly loaders: readonly AgentFacts[];
  readonly proxyHost: AgentFacts | null;
}

/** Calls until all that are wanted have answered. @returns those that make load by name */
async function callRoll(
  connection: NatsConnection,
  wanted: Pick<CrewOrder, "agents" | "proxyAgent">,
  signal: AbortSignal,
): Promise<Roll> {
  const found = new Map<string, AgentFacts>();
  const ear = listen(connection, found);
  try {
    for (const beganNs = monotonicClock.now(); ; ) {
      await ear.call(signal);
      const roll = chooseFrom([...found.values()], wanted);
      if (typeof roll !== "string") return roll;
      if (monotonicClock.now() - beganNs >= waitNs)
        throw new EnvironmentError(
          `${roll} within ${waitNs / 1e9} s: want wsrally agent running on each host, at the same NATS server and not at work for another run`,
        );
    }
  } finally {
    ear.close();
  }
}

/** @returns what is lacking, in words, where that is so @throws EnvironmentError for one that runs no proxies */
function chooseFrom(
  found: readonly AgentFacts[],
  { agents, proxyAgent }: Pick<CrewOrder, "agents" | "proxyAgent">,
): Roll | string {
  const proxyHost = found.find(({ name }) => name === proxyAgent) ?? null;
  if (proxyHost?.role === "load")
    throw new EnvironmentError(
      `Cannot run proxies on agent ${proxyHost.name}, which makes load: want --role proxy or both there`,
    );
  // The proxy's host makes load only where no other is left to.
  const loading = found
    .filter(({ role }) => role !== "proxy")
    .sort((a, b) => Number(a === proxyHost) - Number(b === proxyHost) || (a.name < b.name ? -1 : 1));
  if (loading.length < agents) {
    const names = loading.map(({ name }) => name).join(", ");
    const there = names === "" ? "none" : `${loading.length} (${names})`;
    return `Of ${agents} agents that make load ${there} answered`;
  }
  if (proxyAgent !== null && proxyHost === null) {
    const others = found.map(({ name }) => name).sort();
    return `The agent ${proxyAgent} did not answer${others.length === 0 ? "" : ` (${others.join(", ")} did)`}`;
  }
  return { loaders: loading.slice(0, agents), proxyHost };
}

interface Ear {
  /**
   * Resolves when there was time to answer.
   * @throws EnvironmentError for two of one name, or where the NATS server lets us hear nothing; the signal's reason
   */
  call(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** @param found is told of all who answer, by name */
function listen(connection: NatsConnection, found: Map<string, AgentFacts>): Ear {
  const inbox = `_INBOX.${crypto.randomUUID()}`;
  const doubles = new Set<string>();
  let heardNow = new Set<string>();
  let refusal: Error | null = null;
  const subscription = connection.subscribe(inbox, {
    callback: (error: Error | null, message: Msg) => {
      refusal ??= error;
      const answer = error === null ? (unpack(message.data) as AgentAnswer) : null;
      if (answer?.kind !== "facts") return;
      const { name } = answer.facts;
      if (heardNow.has(name)) doubles.add(name);
      heardNow.add(name);
      found.set(name, answer.facts);
    },
  });
  return {
    async call(signal) {
      heardNow = new Set();
      connection.publish(rollCall, new Uint8Array(), { reply: inbox });
      await sleep(askEveryMs, undefined, { signal });
      if (refusal !== null)
        throw new EnvironmentError(
          `The NATS server lets us steer no agents (${messageOf(refusal)}): want the controller's --creds`,
        );
      for (const name of doubles)
        throw new EnvironmentError(`Two agents are called ${name}: want a --name of its own for each`);
    },
    close: () => subscription.unsubscribe(),
  };
}

function hearAll(connection: NatsConnection, links: readonly AgentLink[]): void {
  const bySubject = new Map(links.map((link) => [subjectFrom(link.facts.name), link]));
  connection.subscribe(subjectFrom("*"), {
    callback: (error: Error | null, { subject, data }: Msg) => {
      if (error === null) bySubject.get(subject)?.hear(data);
    },
  });
}

function requireOwnVersion({ name, version }: AgentFacts): void {
  if (version === toolVersion) return;
  throw new EnvironmentError(
    `Agent ${name} is wsrally ${version}, and this is ${toolVersion}: want the same on every host`,
  );
}
