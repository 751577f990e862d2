/** The cases of RFC 6455 at both pong servers, by a client of bytes alone. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { BackendEngine, PongServer } from "#wsrally/backend/pong-server.js";
import { startPongServer } from "#wsrally/backend/start-pong-server.js";
import { until } from "../linux/support/linux-only.js";
import { RawClient } from "../support/raw-client.js";
import { pongEngines } from "../support/with-pong-server.js";
import { type Answer, answersIn, answersTo } from "./support/answers.js";
import type { Case } from "./support/case.js";
import { sections } from "./support/sections.js";
import { sendPieces } from "./support/send-pieces.js";
import { writeFrames } from "./support/wire.js";

async function answersOf(port: number, { sends }: Case, isJoined: boolean): Promise<Answer[]> {
  const client = await RawClient.open(port);
  const stream = writeFrames(sends, true);
  if (isJoined) client.send(stream);
  else await sendPieces(client.socket, stream);
  await client.end();
  client.close();
  return answersIn(client.received, false);
}

function wantedOf(one: Case, engine: BackendEngine): Answer[] {
  const { seen, end } = (engine === "ws" ? one.byWs : undefined) ?? one;
  return answersTo(seen, end.code);
}

for (const engine of pongEngines) {
  describe(`RFC 6455 at the ${engine} pong server`, () => {
    let server: PongServer;
    before(async () => {
      server = await startPongServer({
        host: "127.0.0.1",
        port: 0,
        path: "/sock",
        once: false,
        deflate: false,
        engine,
      });
    });
    after(() => server.close());

    for (const { title, cases } of sections) {
      it(title, async () => {
        for (const isJoined of [true, false]) {
          const how = isJoined ? "joined" : "in pieces";
          await Promise.all(
            cases.map(async (one) => {
              const answers = await answersOf(server.port, one, isJoined);
              assert.deepEqual([one.name, how, ...answers], [one.name, how, ...wantedOf(one, engine)]);
            }),
          );
        }
      });
    }

    it("7.4.1 every close frame of these is counted by its code and by who was first", async () => {
      await until(() => server.counts().open === 0);
      const { endings } = server.counts();
      const failures: Record<number, number> = {};
      const closings: Record<number, number> = {};
      for (const one of sections.flatMap(({ cases }) => cases)) {
        const { end } = (engine === "ws" ? one.byWs : undefined) ?? one;
        const counts = end.kind === "failed" ? failures : closings;
        counts[end.code ?? 1005] = (counts[end.code ?? 1005] ?? 0) + 2;
      }
      assert.deepEqual([endings.faultClose, endings.peerClose], [failures, closings]);
      assert.deepEqual([endings.peerEof, endings.peerReset, endings.ownEof], [0, 0, 0]);
    });
  });
}
