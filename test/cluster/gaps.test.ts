/**
 * What becomes of an agent's job when a part of what it said is lost, by a carrier that drops parts.
 */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { NatsConnection } from "@nats-io/transport-node";
import { AgentLink, type OnGap } from "#wsrally/cluster/agent-link.js";
import { PartWriter } from "#wsrally/cluster/numbered-parts.js";
import { pack, unpack } from "#wsrally/cluster/packing.js";
import type { AgentFacts, AgentRequest, AgentWord } from "#wsrally/cluster/protocol.js";
import type { GeneratorReply } from "#wsrally/load/carried-job.js";
import { createLiveMemory } from "#wsrally/load/live-figures.js";
import type { ThreadJob, ThreadReport } from "#wsrally/load/messages.js";

const report = { startedNs: 0, notes: [] as readonly never[] } as Partial<ThreadReport> as ThreadReport;
const live: GeneratorReply = { kind: "live", figures: new Float64Array(1) };
const ended: GeneratorReply = { kind: "report", report };

/** An agent with one job, number 0; what it says comes, or does not. */
class OneJob {
  readonly link: AgentLink;
  readonly result: Promise<ThreadReport>;
  readonly #writer: PartWriter;
  /** What the run gives its orders on. */
  readonly #port = Object.assign(new EventEmitter(), { close: () => undefined });
  #comes = true;
  #hasEnded = false;

  constructor(onGap?: OnGap) {
    const request = async (_: string, asked: Uint8Array): Promise<{ data: Uint8Array }> => {
      const { kind } = unpack(asked) as AgentRequest;
      return {
        data: pack(kind === "jobs" ? { kind: "running", jobs: this.#hasEnded ? [] : [0] } : { kind: "done" }),
      };
    };
    const connection = { request } as unknown as NatsConnection;
    this.link = new AgentLink(connection, "run", { name: "load-1" } as AgentFacts);
    this.#writer = new PartWriter(1000, (part) => {
      if (this.#comes) this.link.hear(part);
    });
    const job = { port: this.#port, live: createLiveMemory() } as Partial<
      Record<keyof ThreadJob, unknown>
    > as ThreadJob;
    const { signal } = new AbortController();
    this.result = this.link.run(job, signal, onGap);
    this.result.catch(() => undefined);
  }

  start(): void {
    this.#port.emit("message", {
      startNs: 1,
      measureNs: 2,
      endNs: 3,
      readingsNs: { first: 2, last: 3 },
      sendUntilNs: 3,
    });
  }

  say(reply: GeneratorReply, { comes = true } = {}): void {
    this.#comes = comes;
    this.#hasEnded ||= reply.kind === "report";
    this.#writer.write({ job: 0, reply } satisfies AgentWord);
  }
}

describe("a job of which a word is lost", () => {
  it("goes on where somebody takes it, and says so once", async () => {
    const gaps: string[] = [];
    const job = new OneJob((words) => gaps.push(words));
    job.start();
    job.say(live);
    job.say(live, { comes: false });
    job.say(live, { comes: false });
    job.say(live);
    await turn();
    assert.deepEqual(gaps, ["Agent load-1 said something that did not come"]);
    job.say(ended);
    assert.deepEqual((await job.result).notes, []);
  });

  it("is given up where nobody does", async () => {
    const job = new OneJob();
    job.start();
    job.say(live, { comes: false });
    job.say(live);
    await assert.rejects(job.result, /Agent load-1 said something that did not come/);
  });

  it("is given up before it begins, for the word may be that it is ready", async () => {
    const job = new OneJob(() => assert.fail("it has not begun"));
    job.say(live, { comes: false });
    job.say(live);
    await assert.rejects(job.result, /did not come/);
  });

  it("is given up where the word was its last: nobody would end it", async () => {
    const gaps: string[] = [];
    const job = new OneJob((words) => gaps.push(words));
    job.start();
    job.say(ended, { comes: false });
    job.say(live);
    await assert.rejects(job.result, /did not come/);
    assert.equal(gaps.length, 1);
  });
});
