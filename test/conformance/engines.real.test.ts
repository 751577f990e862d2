/** The cases of RFC 6455 at every engine of the generator, by a server of bytes alone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EngineName } from "#wsrally/load/messages.js";
import { until } from "../linux/support/linux-only.js";
import { engines } from "../support/engines.js";
import { type Answer, answersIn, answersTo } from "./support/answers.js";
import type { Case, Seen } from "./support/case.js";
import type { CaseServer } from "./support/case-server.js";
import { engineAndServer } from "./support/engine-client.js";
import { sections } from "./support/sections.js";
import { sendPieces } from "./support/send-pieces.js";
import { opcode, readFrames, writeFrames } from "./support/wire.js";

interface Outcome {
  /** What the thread is told. */
  readonly messages: readonly Seen[];
  readonly pongs: number;
  readonly fault: readonly [kind: string, code: number | null];
  /** What the server got. */
  readonly answers: readonly Answer[];
}

function wantedOf(one: Case, engine: EngineName): Outcome {
  const { seen, end } = (engine === "ws" ? one.byWs : undefined) ?? one;
  return {
    messages: seen.filter(([kind]) => kind === "text" || kind === "binary"),
    pongs: seen.filter(([kind]) => kind === "pong").length,
    fault: [end.kind === "failed" ? "protocol" : "closed", end.code],
    answers: answersTo(seen, end.code),
  };
}

for (const name of engines) {
  describe(`RFC 6455 at the ${name} engine`, () => {
    const ends = engineAndServer(name);

    const run = async (one: Case, isJoined: boolean): Promise<Outcome> => {
      const { server, client } = ends;
      const stream = writeFrames(one.sends, false);
      server.serve = async ({ socket }) => {
        if (isJoined) socket.write(stream);
        else await sendPieces(socket, stream);
        await until(() => hasClose(server));
        socket.end();
      };
      client.open();
      await until(() => client.fault !== null && server.connection?.hasEnded === true);
      const { fault, messages, pongs } = client;
      return {
        messages,
        pongs,
        fault: [fault?.kind ?? "", fault?.code ?? null],
        answers: answersIn(server.connection?.received ?? Buffer.alloc(0), true),
      };
    };

    for (const { title, cases } of sections) {
      it(title, async () => {
        for (const one of cases) {
          for (const isJoined of [true, false]) {
            const where = `${one.name}, ${isJoined ? "joined" : "in pieces"}`;
            const wanted = wantedOf(one, name);
            let outcome = await run(one, isJoined);
            // Of a client that is done while more is on its way to it, a reset may lose the last words before they are read.
            for (let tries = 0; tries < 3 && outcome.answers.length < wanted.answers.length; tries++)
              outcome = await run(one, isJoined);
            assert.deepEqual([where, outcome], [where, wanted]);
          }
        }
      });
    }
  });
}

/** Whether the last frame that came is a close frame, or none will come. */
function hasClose({ connection }: CaseServer): boolean {
  if (connection === null || connection.hasEnded) return true;
  try {
    return readFrames(connection.received, true).at(-1)?.opcode === opcode.close;
  } catch {
    return false;
  }
}
