import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { presetNames } from "#wsrally/scenario/presets.js";
import { resolveWorkload, workloadSchema } from "#wsrally/scenario/workload.js";

function faultsOf(input: unknown): string[] {
  return (
    workloadSchema
      .safeParse(input)
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

describe("a workload's conversation", () => {
  const long = {
    first: [
      { send: "hello", await: { match: "contains", value: "welcome" } },
      { await: { match: "json", path: "a.b", value: 17 }, capture: { session: "s" } },
      { send: "join" },
    ],
    message: "{{id}}",
    reply: { match: "json", path: "to", value: "{{id}}" },
    ignore: [{ match: "contains", value: "tick" }],
    answer: [{ to: { match: "equals", value: "ping" }, send: "pong" }],
    keepAlive: { every: "15s", send: "beat" },
  };

  it("is the same in a line as in keys", () => {
    const short = {
      ...long,
      first: ["hello => welcome", { await: "json:a.b=17", capture: { session: "s" } }, "join"],
      reply: "json:to={{id}}",
      ignore: "tick",
      answer: "equals:ping => pong",
      keepAlive: "15s => beat",
    };
    assert.deepEqual(workloadSchema.parse(short), workloadSchema.parse(long));
  });

  it("can be read again", () => {
    const once = workloadSchema.parse(long);
    assert.deepEqual(workloadSchema.parse(once), once);
  });

  it("has a reply that is the same bytes, unless it is said otherwise", () => {
    assert.deepEqual(resolveWorkload({ message: "x" }).conversation?.reply, { match: "same" });
    assert.equal(resolveWorkload({}).conversation, null);
  });

  for (const preset of presetNames) {
    it(`can be the preset ${preset}, with keys of its own beside it`, () => {
      const { path: _, ...keys } = resolveWorkload({ preset });
      assert.equal(keys.message.kind, "own");
      assert.ok((keys.conversation?.first.length ?? 0) > 0);
      const changed = resolveWorkload(workloadSchema.parse({ preset, message: "mine", reply: "next" }));
      assert.deepEqual(changed.message, { ...keys.message, text: "mine" });
      assert.deepEqual(changed.conversation, { ...keys.conversation, reply: { match: "next" } });
    });
  }

  const rows: readonly (readonly [unknown, RegExp])[] = [
    [{ message: "" }, /^message: want some text$/],
    [{ message: "x", payload: 3 }, /^payload: cannot stand beside message or preset/],
    [{ reply: "next" }, /^reply: goes with message or preset$/],
    [{ message: "x", reply: "maybe" }, /^reply: want same, next, equals:TEXT/],
    [{ message: "x", reply: "json:a" }, /^reply: want same, next/],
    [{ message: "x", answer: "ping" }, /^answer: want/],
    [{ message: "x", keepAlive: "beat" }, /^keepAlive: want every and send/],
    [{ message: "x", keepAlive: { every: 0, send: "x" } }, /^keepAlive\.every: want/],
    [{ first: [{}] }, /want send, or await, or both/],
    [{ first: [{ send: "x", capture: { a: "b" } }] }, /want await beside capture/],
    [{ preset: "socketio" }, /^preset: want one of socket\.io, .*did you mean socket\.io/],
    [{ upstream: "theirs" }, /^upstream: want one of ours, as-configured/],
  ];
  for (const [input, wanted] of rows) {
    it(`is refused: ${JSON.stringify(input)}`, () => assert.match(faultsOf(input).join("\n"), wanted));
  }
});
