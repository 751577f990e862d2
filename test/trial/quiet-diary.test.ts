import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resolveWorkload } from "#wsrally/scenario/workload.js";
import { readOwnHandshake } from "#wsrally/trial/own-handshake.js";
import { quietDiary } from "#wsrally/trial/quiet-diary.js";

const lines = ['1 [debug] http header: "X-Key: secret-47-word"', "2 [error] upstream timed out after 60 s"];
const messages = ['http header: "X-Key: secret-N-word"', "upstream timed out after N s"];
const diary = {
  lines,
  entries: lines.map((example, index) => ({
    ...{ level: null, message: messages[index] ?? "", count: 1, example, cause: null },
  })),
  deaths: ["worker died of secret-47-word"],
  reloads: 0,
};
const proxy = { diary: () => diary };

describe("quietDiary()", () => {
  it("takes what the handshake holds out of lines and of messages whose digits were taken out", async () => {
    const own = readOwnHandshake(resolveWorkload({ header: ["X-Key: secret-47-word"] }));
    const quiet = await quietDiary({ own }, proxy);
    assert.deepEqual(quiet.lines, ['1 [debug] http header: "X-Key: ***"', lines[1]]);
    assert.deepEqual(
      quiet.entries.map(({ message, example }) => [message, example]),
      [
        ["http header***", quiet.lines[0]],
        [messages[1], lines[1]],
      ],
    );
    assert.deepEqual(quiet.deaths, ["worker died of ***"]);
  });

  it("is the log's own where there is no such handshake", async () => {
    assert.equal(await quietDiary({ own: readOwnHandshake(resolveWorkload({})) }, proxy), diary);
  });
});
