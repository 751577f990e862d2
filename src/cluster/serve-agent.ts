/**
 * An agent: waits for a controller, does what it is asked by one at a time, and ends all of it when that one falls silent.
 */
import { once } from "node:events";
import { join } from "node:path";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { assertNever } from "../base/assert-never.js";
import { monotonicClock } from "../base/clock.js";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { AgentSession } from "./agent-session.js";
import { PartWriter } from "./numbered-parts.js";
import { pack, unpack } from "./packing.js";
import { type AgentAnswer, type AgentFacts, type AgentRequest, beatEveryMs } from "./protocol.js";
import { rollCall, subjectFrom, subjectTo } from "./subjects.js";

interface AgentSettings {
  readonly connection: NatsConnection;
  readonly facts: AgentFacts;
  readonly guard: ProcessGuard;
  /** Private, and there already. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Six beats: within two seconds of a controller's death its load has ended. */
const silenceNs = 1.5e9;
/** Of a part where the server names no size; with room for the protocol's own line. */
const usualPayload = 512 * 1024;

/** Serves until the signal. @throws EnvironmentError where the NATS server does not let it be this agent */
export async function serveAgent(settings: AgentSettings): Promise<void> {
  const { connection, facts, say, signal } = settings;
  const agent = new Agent(settings);
  const refused = new AbortController();
  const subscribe = (subject: string, hear: (message: Msg) => void): void => {
    const callback = (error: Error | null, message: Msg): void =>
      error === null ? hear(message) : refused.abort(notThisAgent(facts.name, error));
    connection.subscribe(subject, { callback });
  };
  subscribe(subjectTo(facts.name), (message) => void agent.hear(message));
  subscribe(rollCall, (message) => {
    message.respond(pack({ kind: "facts", facts, ...agent.busyWith } satisfies AgentAnswer));
  });
  // By its answer the server has said what it refuses; where it has just left, it is asked again when it is back.
  await connection.flush().catch(() => undefined);
  const over = AbortSignal.any([signal, refused.signal]);
  void tellOfServer(connection, (line) => {
    if (!over.aborted) say(line);
  });
  const watch = setInterval(() => void agent.endIfForsaken(), beatEveryMs);
  try {
    if (!over.aborted) {
      say(`Agent ${facts.name} is ready for ${facts.role}`);
      await once(over, "abort");
    }
    refused.signal.throwIfAborted();
  } finally {
    clearInterval(watch);
    await agent.release();
  }
}

/** That it is gone, once, and that it is back. */
async function tellOfServer(connection: NatsConnection, say: (line: string) => void): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === "disconnect") say("The NATS server is gone; this agent waits until it is back");
    else if (type === "reconnect") say("The NATS server is back");
  }
}

function notThisAgent(name: string, refusal: Error): EnvironmentError {
  return new EnvironmentError(
    `The NATS server does not let this be agent ${name} (${messageOf(refusal)}): want the --creds of ${name}, or the --name that they are for`,
  );
}

class Agent {
  readonly #settings: AgentSettings;
  #session: AgentSession | null = null;
  #heardNs = 0;
  #lookedNs = 0;
  #sessions = 0;

  constructor(settings: AgentSettings) {
    this.#settings = settings;
  }

  /** Nothing where it is free. */
  get busyWith(): { readonly busyWith?: string } {
    return this.#session === null ? {} : { busyWith: this.#session.run };
  }

  async hear(message: Msg): Promise<void> {
    let answer: AgentAnswer;
    try {
      answer = await this.#answer(unpack(message.data) as AgentRequest);
    } catch (thrown) {
      answer = { kind: "failed", message: messageOf(thrown) };
    }
    message.respond(pack(answer));
  }

  async endIfForsaken(): Promise<void> {
    const nowNs = monotonicClock.now();
    // Where this process was not running itself, what was said meanwhile is yet to be read.
    if (nowNs - this.#lookedNs > 2 * beatEveryMs * 1e6) this.#heardNs = nowNs;
    this.#lookedNs = nowNs;
    if (this.#session === null || nowNs - this.#heardNs < silenceNs) return;
    const { run } = this.#session;
    await this.release();
    this.#settings.say(
      `Nothing heard of run ${run} for ${silenceNs / 1e9} s: what it had running here is ended, and the next run can have this agent`,
    );
  }

  async release(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.stop();
  }

  async #answer(request: AgentRequest): Promise<AgentAnswer> {
    // First, so that nothing delays it.
    if (request.kind === "clock") return { kind: "clock", atNs: monotonicClock.now() };
    if (request.kind === "hire") return this.#hire(request.run);
    const session = this.#sessionOf(request.run);
    switch (request.kind) {
      case "beat":
        this.#heardNs = monotonicClock.now();
        return { kind: "beating", parts: session.parts };
      case "job":
        session.begin(request.job, request.order);
        return { kind: "done" };
      case "order":
        session.order(request.job, request.order);
        return { kind: "done" };
      case "jobs":
        return { kind: "running", jobs: session.running };
      case "cancel":
        await session.cancel(request.job);
        return { kind: "done" };
      case "listen": {
        const { engine, host, ports } = await session.listen(request.place, request.options);
        return { kind: "listening", server: { engine, host, ports } };
      }
      case "report":
      case "reset":
        return { kind: "report", report: await session.backend(request.place)[request.kind]() };
      case "take":
        await session.backend(request.place).take(request.posture);
        return { kind: "done" };
      case "keep":
      case "prepare":
      case "start":
      case "look":
      case "reload":
      case "point":
      case "replace":
      case "renew":
      case "kill":
      case "stop":
        return session.proxies.answer(request);
      case "release":
        await this.release();
        this.#settings.say(`Run ${request.run} is over`);
        return { kind: "done" };
      default:
        return assertNever(request);
    }
  }

  #hire(run: string): AgentAnswer {
    if (this.#session !== null)
      return { kind: "failed", message: `it is at work for run ${this.#session.run}` };
    const { connection, facts, guard, say, folder } = this.#settings;
    const own = facts.role === "load" ? null : join(folder, `session-${this.#sessions++}`);
    if (own !== null) makeFolder(own, { what: "a private folder" });
    const mostBytes = Math.min(usualPayload, connection.info?.max_payload ?? usualPayload);
    const subject = subjectFrom(facts.name);
    const parts = new PartWriter(mostBytes, (part) => connection.publish(subject, part));
    this.#session = new AgentSession({
      run,
      generators: facts.role === "proxy" ? 0 : facts.threads,
      guard,
      parts,
      folder: own,
    });
    this.#heardNs = monotonicClock.now();
    say(`At work for run ${run}`);
    return { kind: "facts", facts };
  }

  #sessionOf(run: string): AgentSession {
    if (this.#session?.run !== run) throw new RangeError(`run ${run} does not have it any more`);
    return this.#session;
  }
}
