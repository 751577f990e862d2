/**
 * Asks who is there, until all that a run wants are there and free.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { monotonicClock } from "../base/clock.js";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { unpack } from "./packing.js";
import type { AgentAnswer, AgentFacts } from "./protocol.js";
import { rollCall } from "./subjects.js";

/** A container takes its time to start. */
const waitNs = 60e9;
const askEveryMs = 250;

export interface AnsweredAgent {
  readonly facts: AgentFacts;
  /** The run that it is at work for; null for one that is free. */
  readonly busyWith: string | null;
}

/** Who is not there yet. */
export interface AwaitedAgents {
  /** As the end of a sentence. */
  readonly words: string;
  readonly secondsLeft: number;
}

interface Roll {
  readonly loaders: readonly AgentFacts[];
  readonly proxyHost: AgentFacts | null;
}

interface Wanted {
  readonly agents: number;
  readonly proxyAgent: string | null;
}

interface Waiting {
  readonly signal: AbortSignal;
  readonly awaits: (awaited: AwaitedAgents) => void;
}

/**
 * Calls until all that are wanted have answered.
 * @returns those that make load by name
 * @throws EnvironmentError when they do not come within a minute
 */
export async function callRoll(
  connection: NatsConnection,
  wanted: Wanted,
  { signal, awaits }: Waiting,
): Promise<Roll> {
  const found = new Map<string, AnsweredAgent>();
  const ear = listen(connection, found);
  try {
    for (const beganNs = monotonicClock.now(); ; ) {
      await ear.call(signal);
      const roll = chooseFrom([...found.values()], wanted);
      if (typeof roll !== "string") return roll;
      const leftNs = beganNs + waitNs - monotonicClock.now();
      if (leftNs <= 0)
        throw new EnvironmentError(
          `Waited ${waitNs / 1e9} s for agents in vain: ${roll}; want wsrally agent running on each host, at the same NATS server and not at work for another run`,
        );
      awaits({ words: roll, secondsLeft: leftNs / 1e9 });
    }
  } finally {
    ear.close();
  }
}

/** @returns what is lacking, in words, where that is so @throws EnvironmentError for one that runs no proxies */
export function chooseFrom(found: readonly AnsweredAgent[], { agents, proxyAgent }: Wanted): Roll | string {
  const sorted = found.toSorted((a, b) => (a.facts.name < b.facts.name ? -1 : 1));
  const proxyHost = sorted.find(({ facts }) => facts.name === proxyAgent) ?? null;
  if (proxyHost?.facts.role === "load")
    throw new EnvironmentError(
      `Cannot run proxies on agent ${proxyAgent}, which makes load: want --role proxy or both there`,
    );
  // The proxy's host makes load only where no other is left to.
  const loading = sorted
    .filter(({ facts }) => facts.role !== "proxy")
    .sort((a, b) => Number(a === proxyHost) - Number(b === proxyHost));
  const free = loading.filter(({ busyWith }) => busyWith === null);
  if (free.length < agents)
    return [
      `of ${agents === 1 ? "1 agent" : `${agents} agents`} to make load ${countWords(free)}`,
      ...loading.flatMap(busyWords),
    ].join(", ");
  if (proxyAgent !== null && proxyHost === null) {
    const others = sorted.map(({ facts }) => facts.name).join(", ");
    return `no agent is called ${proxyAgent}${others === "" ? "" : ` (there: ${others})`}`;
  }
  const [busy] = proxyHost === null ? [] : busyWords(proxyHost);
  if (busy !== undefined) return busy;
  return {
    loaders: free.slice(0, agents).map(({ facts }) => facts),
    proxyHost: proxyHost?.facts ?? null,
  };
}

function countWords(free: readonly AnsweredAgent[]): string {
  if (free.length === 0) return "none is there and free";
  const names = free.map(({ facts }) => facts.name).join(", ");
  return `${free.length} ${free.length === 1 ? "is" : "are"} there and free (${names})`;
}

function busyWords({ facts, busyWith }: AnsweredAgent): string[] {
  return busyWith === null ? [] : [`${facts.name} is at work for run ${busyWith}`];
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
export function listen(connection: NatsConnection, found: Map<string, AnsweredAgent>): Ear {
  const inbox = `_INBOX.${crypto.randomUUID()}`;
  const doubles = new Set<string>();
  let heardNow = new Set<string>();
  let refusal: Error | null = null;
  let isStrange = false;
  const subscription = connection.subscribe(inbox, {
    callback: (error: Error | null, message: Msg) => {
      refusal ??= error;
      if (error !== null) return;
      let answer: AgentAnswer;
      try {
        answer = unpack(message.data) as AgentAnswer;
      } catch {
        isStrange = true;
        return;
      }
      if (answer.kind !== "facts") return;
      const { facts, busyWith = null } = answer;
      if (heardNow.has(facts.name)) doubles.add(facts.name);
      heardNow.add(facts.name);
      found.set(facts.name, { facts, busyWith });
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
      if (isStrange)
        throw new EnvironmentError(
          "An agent of another version answered: want the same wsrally on every host",
        );
      for (const name of doubles)
        throw new EnvironmentError(`Two agents are called ${name}: want a --name of its own for each`);
    },
    close: () => subscription.unsubscribe(),
  };
}
