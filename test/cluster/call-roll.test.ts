/** Whom a run takes of the agents that answer, and what it says of those that it waits for. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AgentRole } from "#wsrally/cluster/agent-role.js";
import { type AnsweredAgent, chooseFrom } from "#wsrally/cluster/call-roll.js";

function answered(name: string, busyWith: string | null = null): AnsweredAgent {
  const [role = "load"] = name.split("-") as AgentRole[];
  const facts = { name, role, host: "h", address: "127.0.0.1", threads: 1, version: "1", isPrivate: true };
  const limits = { maxOpenFiles: null, ephemeralPorts: null, listenBacklog: null, availableBytes: null };
  return { facts: { ...facts, limits }, busyWith };
}

const load1 = answered("load-1");
const load2 = answered("load-2");

describe("a roll call", () => {
  const taken: readonly (readonly [
    AnsweredAgent[],
    number,
    string | null,
    readonly string[],
    string | null,
  ])[] = [
    [[load2, load1], 2, null, ["load-1", "load-2"], null],
    [[load2, load1, answered("load-0", "R")], 2, null, ["load-1", "load-2"], null],
    [[load1, answered("proxy-1")], 1, "proxy-1", ["load-1"], "proxy-1"],
    [[answered("both-1"), load2], 1, "both-1", ["load-2"], "both-1"],
    [[answered("both-1")], 1, "both-1", ["both-1"], "both-1"],
  ];
  for (const [found, agents, proxyAgent, loaders, proxyHost] of taken)
    it(`of ${found.map(({ facts }) => facts.name)}: ${loaders} make load, ${proxyHost} runs proxies`, () => {
      const roll = chooseFrom(found, { agents, proxyAgent });
      assert.ok(typeof roll !== "string", String(roll));
      assert.deepEqual(
        roll.loaders.map(({ name }) => name),
        loaders,
      );
      assert.equal(roll.proxyHost?.name ?? null, proxyHost);
    });

  const lacking: readonly (readonly [AnsweredAgent[], number, string | null, string])[] = [
    [[], 1, null, "of 1 agent to make load none is there and free"],
    [[load1], 3, null, "of 3 agents to make load 1 is there and free (load-1)"],
    [
      [answered("load-2", "R"), load1],
      2,
      null,
      "of 2 agents to make load 1 is there and free (load-1), load-2 is at work for run R",
    ],
    [[load1], 1, "proxy-1", "no agent is called proxy-1 (there: load-1)"],
    [[], 0, "proxy-1", "no agent is called proxy-1"],
    [[answered("proxy-1", "R")], 0, "proxy-1", "proxy-1 is at work for run R"],
  ];
  for (const [found, agents, proxyAgent, words] of lacking)
    it(words, () => {
      assert.equal(chooseFrom(found, { agents, proxyAgent }), words);
    });

  it("refuses an agent that makes load in the proxy's place", () => {
    assert.throws(() => chooseFrom([load1], { agents: 0, proxyAgent: "load-1" }), {
      message: /^Cannot run proxies on agent load-1, which makes load: want --role proxy or both there$/,
    });
  });
});
