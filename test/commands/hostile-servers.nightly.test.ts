/** Servers that break the protocol under load, or before it, beside a sound one: a comparison ends by itself and says which it was. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { type Fault, startFaultyServer } from "../support/faulty-server.js";
import { runCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

const load = ["--connections", "5", "--rate", "100", "--duration", "0.5", "--warmup", "0", "--blocks", "1"];

/** Those that answer no first message: nothing is measured. */
const refused: readonly (readonly [Fault, RegExp])[] = [
  ["mute-handshake", /no WebSocket at \S+: upgrade-timeout/],
  ["trickles-head", /no WebSocket at \S+: upgrade-timeout/],
  ["answers-endless-head", /no WebSocket at /],
  ["ends-before-upgrade", /no WebSocket at \S+: eof/],
  ["wrong-accept", /no WebSocket at /],
  ["answers-200", /no WebSocket at \S+: HTTP 200 OK in place of 101/],
  ["says-random-bytes", /upgraded, but gave no answer to the first message/],
  ["says-1-gb", /upgraded, but gave no answer/],
  ["masked-frames", /upgraded, but gave no answer to the first message/],
  ["floods-pings", /./],
  ["floods-empty-frames", /./],
  ["never-answers", /gave no answer within 5 s/],
  ["never-reads", /gave no answer within 5 s/],
];

/** Those that answer once: the load meets what comes then. */
const measured: readonly (readonly [Fault, string])[] = [
  ["ends-after-answer", "eof"],
  ["resets-after-answer", "reset"],
];

describe("compare with a hostile server", { concurrency: 2 }, () => {
  for (const engine of ["epoll", "ws"]) {
    for (const [fault, says] of refused)
      it(`${fault}, by ${engine}: is refused, in one line`, async () => {
        const { code, stderr } = await compare(fault, engine);
        assert.ok(code === 3 || (code === 0 && says.source === "."), `${code}: ${stderr}`);
        assert.match(stderr, says);
        assert.doesNotMatch(stderr, /\n {4}at /);
      });

    for (const [fault, kind] of measured)
      it(`${fault}, by ${engine}: is told by its kind`, async () => {
        const { code, stdout, stderr } = await compare(fault, engine);
        assert.equal(code, 0, stderr);
        const { arms } = JSON.parse(stdout) as RunDocument;
        const [bad, good] = arms;
        assert.ok(
          bad?.trials[0]?.failures.some((failure) => failure.kind === kind),
          stdout.slice(0, 3000),
        );
        assert.deepEqual(good?.trials[0]?.failures, []);
      });
  }
});

async function compare(fault: Fault, engine: string): ReturnType<typeof runCli> {
  const server = await startFaultyServer(fault);
  try {
    const url = `bad=ws://127.0.0.1:${server.port}/sock`;
    return await withFolder((cwd) =>
      runCli(["compare", url, "direct", ...load, "--engine", engine, "--json"], {
        cwd,
        through: ["timeout", "--signal=KILL", "60"],
      }),
    );
  } finally {
    await server.close();
  }
}
