/**
 * Finds the agents that a run asks for, and hires them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { monotonicClock } from "../base/clock.js";
import { EnvironmentError } from "../base/errors.js";
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
  /** So many that make load. */
  readonly agents: number;
  /** Where agents reach the proxies that run here; null for loopback. */
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
export async function gatherCrew(
  { url, credentialsFile, agents, run }: CrewOrder,
  signal: AbortSignal,
): Promise<Crew> {
  const credentials = credentialsFile === null ? noCredentials : readCredentials(credentialsFile);
  const connection = await connectNats({ url, credentials, name: `wsrally ${run}`, comesBack: false });
  try {
    const found = await callRoll(connection, agents, signal);
    for (const facts of found) requireOwnVersion(facts);
    const links = found.map((facts) => new AgentLink(connection, run, facts));
    hearAll(connection, links);
    const crew = new Crew(connection, links);
    await Promise.all(links.map((link) => link.hire()));
    return crew;
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
}

/** Calls until enough have answered. @returns as many as are wanted, by name */
async function callRoll(
  connection: NatsConnection,
  wanted: number,
  signal: AbortSignal,
): Promise<AgentFacts[]> {
  const found = new Map<string, AgentFacts>();
  const inbox = `_INBOX.${crypto.randomUUID()}`;
  const doubles = new Set<string>();
  let heardNow = new Set<string>();
  const subscription = connection.subscribe(inbox, {
    callback: (error: Error | null, message: Msg) => {
      const answer = error === null ? (unpack(message.data) as AgentAnswer) : null;
      if (answer?.kind !== "facts" || answer.facts.role === "proxy") return;
      const { name } = answer.facts;
      if (heardNow.has(name)) doubles.add(name);
      heardNow.add(name);
      found.set(name, answer.facts);
    },
  });
  try {
    for (const beganNs = monotonicClock.now(); ; ) {
      heardNow = new Set();
      connection.publish(rollCall, new Uint8Array(), { reply: inbox });
      await sleep(askEveryMs, undefined, { signal });
      for (const name of doubles)
        throw new EnvironmentError(`Two agents are called ${name}: want a --name of its own for each`);
      const names = [...found.keys()].sort();
      if (names.length >= wanted) return names.slice(0, wanted).map((name) => found.get(name) as AgentFacts);
      if (monotonicClock.now() - beganNs < waitNs) continue;
      const there = names.length === 0 ? "none" : `${names.length} (${names.join(", ")})`;
      throw new EnvironmentError(
        `Of ${wanted} agents ${there} answered within ${waitNs / 1e9} s: want wsrally agent --role load running on each host, at the same NATS server and not at work for another run`,
      );
    }
  } finally {
    subscription.unsubscribe();
  }
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
