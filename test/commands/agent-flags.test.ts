/** Flags for a load that agents make: which of them want another, and which cannot stand together. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readAgentFlags } from "#wsrally/commands/agent-flags.js";

const whole = { nats: "tls://10.0.0.1:4222", creds: "controller.creds", agents: 2, listen: "10.0.0.1" };

describe("flags for agents", () => {
  it("are none where none is given, and one wish together", () => {
    assert.equal(readAgentFlags({ threads: "2" }), null);
    assert.deepEqual(readAgentFlags(whole), {
      url: whole.nats,
      credentialsFile: whole.creds,
      agents: 2,
      proxyAgent: null,
      facing: "10.0.0.1",
    });
  });

  it("take a proxy's agent with no other, and leave the load its threads", () => {
    const { agents, proxyAgent } =
      readAgentFlags({ nats: whole.nats, proxyAgent: "proxy-1", threads: "2" }) ?? {};
    assert.deepEqual({ agents, proxyAgent }, { agents: 0, proxyAgent: "proxy-1" });
  });

  const refused: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ nats: undefined }, /^Cannot look for agents: want --nats URL/],
    [{ agents: undefined }, /^Cannot look for agents at tls:.*: want --agents N.* or --proxy-agent NAME/],
    [{ listen: "proxy.lab" }, /^Cannot listen on proxy\.lab: want an address/],
    [{ listen: "0.0.0.0" }, /^Cannot listen on 0\.0\.0\.0: want an address/],
    [{ listen: "::" }, /^Cannot listen on ::: want an address/],
    [{ threads: "2" }, /^Cannot use --threads with --agents: want it at each wsrally agent/],
  ];
  for (const [change, words] of refused)
    it(`${JSON.stringify(change)}: ${words.source}`, () => {
      assert.throws(() => readAgentFlags({ ...whole, ...change }), { name: "UsageError", message: words });
    });
});
