/**
 * Finds the agents that a run asks for, and hires them.
 */
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { EnvironmentError } from "../base/errors.js";
import { toolVersion } from "../base/tool-version.js";
import { AgentLink } from "./agent-link.js";
import { type AnsweredAgent, type AwaitedAgents, callRoll, listen } from "./call-roll.js";
import { connectNats } from "./connect-nats.js";
import { noCredentials, readCredentials } from "./credentials.js";
import { Crew } from "./crew.js";
import type { AgentFacts } from "./protocol.js";
import { subjectFrom } from "./subjects.js";

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

/**
 * Waits until so many are there.
 * @param awaits is told whom it waits for, as often as it asks
 * @throws EnvironmentError when they do not come within a minute, or cannot work with this controller; UsageError
 */
export async function gatherCrew(
  order: CrewOrder,
  signal: AbortSignal,
  awaits: (awaited: AwaitedAgents) => void = () => undefined,
): Promise<Crew> {
  const { url, credentialsFile, run } = order;
  const credentials = credentialsFile === null ? noCredentials : readCredentials(credentialsFile);
  const connection = await connectNats({ url, credentials, name: `wsrally ${run}`, comesBack: false });
  try {
    const { loaders, proxyHost } = await callRoll(connection, order, { signal, awaits });
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
  const found = new Map<string, AnsweredAgent>();
  const ear = listen(connection, found);
  try {
    await ear.call(signal);
  } finally {
    ear.close();
    await connection.close();
  }
  return [...found.values()]
    .filter(({ busyWith }) => busyWith === null)
    .map(({ facts: { name, role, host } }) => ({ name, role, host }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
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
