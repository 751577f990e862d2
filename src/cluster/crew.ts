/**
 * The agents of a run: those that are there, those that it has lost, and what may be lost before it ends.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { AgentLink } from "./agent-link.js";
import { AgentLostError } from "./agent-lost-error.js";
import type { AgentRole } from "./agent-role.js";

/** How an agent stands, for the run document. */
export interface AgentStanding {
  readonly name: string;
  readonly role: AgentRole;
  readonly host: string;
  readonly offsetNs: number;
  readonly rttNs: number;
  /** The most that a generator of it began after the order; null before the first start. */
  readonly startSkewNs: number | null;
  /** Why it is not there any more; null while it is. */
  readonly lost: string | null;
}

/** One: what more is lost is a fault that goes on. */
const mostLost = 1;

/** Who does what in a run; one may do both. */
interface CrewParts {
  readonly loaders: readonly AgentLink[];
  /** On whose host proxies run; null for this one. */
  readonly proxyHost: AgentLink | null;
}

export class Crew {
  /** All of them. */
  readonly links: readonly AgentLink[];
  readonly proxyHost: AgentLink | null;
  readonly #loaders: readonly AgentLink[];
  readonly #connection: NatsConnection;
  readonly #skewsNs = new Map<string, number>();

  constructor(connection: NatsConnection, { loaders, proxyHost }: CrewParts) {
    this.#connection = connection;
    this.#loaders = loaders;
    this.proxyHost = proxyHost;
    this.links = [...new Set([...loaders, ...(proxyHost === null ? [] : [proxyHost])])];
  }

  /** Those that make load, as far as they are there. */
  get alive(): readonly AgentLink[] {
    return this.#loaders.filter(({ gone }) => !gone.aborted);
  }

  /** Whether agents make the load, and not this machine. */
  get loads(): boolean {
    return this.#loaders.length > 0;
  }

  /** @throws the error itself where the run may not go on after it */
  requireRest(error: AgentLostError): void {
    const lost = this.#loaders.length - this.alive.length;
    if (this.proxyHost?.gone.aborted === true || this.alive.length === 0 || lost > mostLost) throw error;
  }

  /** Of the start that has just been: remembered where it was the worst of an agent. @returns last minus first */
  takeSkewNs(): number {
    const began = this.alive.flatMap((link) => {
      for (const skewNs of link.startSkewsNs) this.#remember(link.facts.name, skewNs);
      return link.startSkewsNs;
    });
    return began.length === 0 ? 0 : Math.max(...began) - Math.min(...began);
  }

  standings(): AgentStanding[] {
    return this.links.map(({ facts: { name, role, host }, clock, gone }) => ({
      name,
      role,
      host,
      ...clock,
      startSkewNs: this.#skewsNs.get(name) ?? null,
      lost: gone.reason instanceof AgentLostError ? gone.reason.how : null,
    }));
  }

  /** What went to the NATS server and came from it. */
  traffic(): { readonly messages: number; readonly bytes: number } {
    const { inMsgs, outMsgs, inBytes, outBytes } = this.#connection.stats();
    return { messages: inMsgs + outMsgs, bytes: inBytes + outBytes };
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map((link) => link.release()));
    await this.#connection.close();
  }

  #remember(name: string, skewNs: number): void {
    this.#skewsNs.set(name, Math.max(this.#skewsNs.get(name) ?? skewNs, skewNs));
  }
}
