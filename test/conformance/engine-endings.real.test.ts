/** RFC 6455, 7: how a connection ends, as every engine of the generator tells of it, whatever the server then does. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { messageBytesMax } from "#wsrally/load/engine.js";
import { until } from "../linux/support/linux-only.js";
import { engines } from "../support/engines.js";
import { type Answer, answersIn } from "./support/answers.js";
import { close, continuation, hex, ping, type Seen, text } from "./support/case.js";
import type { ServedConnection } from "./support/case-server.js";
import { engineAndServer } from "./support/engine-client.js";
import { type Frame, writeFrames } from "./support/wire.js";

interface Row {
  readonly name: string;
  readonly serve: (connection: ServedConnection) => Promise<void> | void;
  /** Whether the engine is asked to close once it is open. */
  readonly closes?: true;
  readonly messages?: readonly Seen[];
  readonly fault: readonly [kind: string, code: number | null, detail: RegExp];
  /** What the server got, where it stayed to hear it. */
  readonly answers?: readonly Answer[];
}

const send = ({ socket }: ServedConnection, ...frames: Frame[]): Promise<void> =>
  new Promise((resolve) => socket.write(writeFrames(frames, false), () => resolve()));

const isAnswered = (connection: ServedConnection): Promise<void> =>
  until(() => connection.received.length > 0);

const rows: readonly Row[] = [
  {
    name: "7.1.4 a close frame, with the connection reset behind it",
    serve: async (connection) => {
      await send(connection, close(1011, "restart"));
      connection.socket.resetAndDestroy();
    },
    fault: ["closed", 1011, /^closed with code 1011 "restart"$/],
  },
  {
    name: "7.1.4 a close frame, with the stream ended behind it",
    serve: async (connection) => {
      await send(connection, text("x"), close(1001));
      connection.socket.end();
    },
    messages: [["text", "78"]],
    fault: ["closed", 1001, /^closed with code 1001$/],
  },
  {
    name: "7.1.1 a close frame of a server that leaves its stream open",
    serve: (connection) => send(connection, close(1001)),
    fault: ["closed", 1001, /^closed with code 1001$/],
    answers: [["close", "1001"]],
  },
  {
    name: "7.1.5 a close frame without a code",
    serve: async (connection) => {
      await send(connection, close());
      await isAnswered(connection);
      connection.socket.end();
    },
    fault: ["closed", null, /^closed without a code$/],
    answers: [["close", "none"]],
  },
  {
    name: "7.1.5 the stream's end without a close frame",
    serve: ({ socket }) => void socket.end(),
    fault: ["eof", null, /1006/],
  },
  {
    name: "7.1.5 the stream's end within a frame",
    serve: ({ socket }) => void socket.end(hex("81 05 61")),
    fault: ["eof", null, /1006/],
  },
  {
    name: "7.1.5 the stream's end within a message",
    serve: async (connection) => {
      await send(connection, text("x", { fin: false }));
      connection.socket.end();
    },
    fault: ["eof", null, /1006/],
  },
  {
    name: "7.1.5 a reset without a close frame",
    serve: async ({ socket }) => {
      // What Node reads together with the reset it takes for the stream's end.
      await sleep(20);
      socket.resetAndDestroy();
    },
    fault: ["reset", null, /ECONNRESET/],
  },
  {
    name: "7.1.7 a frame against the rules, of a server that hears no close frame",
    serve: (connection) => send(connection, text("x", { rsv: 4 })),
    fault: ["protocol", 1002, /./],
    answers: [["close", "1002"]],
  },
  {
    name: "7.1.7 a frame against the rules, with more and a close frame behind it",
    serve: (connection) => send(connection, text("x"), text("y", { rsv: 4 }), text("z"), close(1000)),
    messages: [["text", "78"]],
    fault: ["protocol", 1002, /./],
  },
  {
    name: "7.1.7 a frame against the rules, with the connection reset behind it",
    serve: async (connection) => {
      await send(connection, text("x", { rsv: 4 }));
      connection.socket.resetAndDestroy();
    },
    fault: ["protocol", 1002, /./],
  },
  {
    name: "7.1.7 its own close frame, answered by a frame against the rules",
    closes: true,
    serve: async (connection) => {
      await isAnswered(connection);
      await send(connection, text("x", { rsv: 4 }));
    },
    fault: ["protocol", 1002, /./],
    answers: [["close", "1000"]],
  },
  {
    name: "7.4.1 a message of a byte more than 16 MiB",
    serve: (connection) => send(connection, text("", { announced: BigInt(messageBytesMax + 1) })),
    fault: ["protocol", 1009, /./],
    answers: [["close", "1009"]],
  },
  {
    name: "7.4.1 fragments of a byte more than 16 MiB together",
    serve: (connection) =>
      send(connection, text("x", { fin: false }), continuation("", { announced: BigInt(messageBytesMax) })),
    fault: ["protocol", 1009, /./],
    answers: [["close", "1009"]],
  },
  {
    name: "7.1.2 its own close frame, answered",
    closes: true,
    serve: async (connection) => {
      await isAnswered(connection);
      await send(connection, close(1000));
      connection.socket.end();
    },
    fault: ["closed", 1000, /^closed with code 1000$/],
    answers: [["close", "1000"]],
  },
  {
    name: "7.1.2 its own close frame, answered behind messages that were on their way",
    closes: true,
    serve: async (connection) => {
      await isAnswered(connection);
      await send(connection, text("late"), ping("late"), close(1000));
      connection.socket.end();
    },
    messages: [["text", Buffer.from("late").toString("hex")]],
    fault: ["closed", 1000, /^closed with code 1000$/],
  },
];

for (const name of engines) {
  describe(`RFC 6455 at the ${name} engine: the end`, () => {
    const ends = engineAndServer(name);

    for (const row of rows) {
      it(row.name, async () => {
        const { server, client } = ends;
        server.serve = row.serve;
        const connection = client.open();
        if (row.closes) {
          await until(() => client.isOpen);
          client.engine.close(connection);
        }
        await until(() => client.fault !== null);
        const { fault, messages } = client;
        const [kind, code, detail] = row.fault;
        assert.deepEqual([fault?.kind, fault?.code, messages], [kind, code, row.messages ?? []]);
        assert.match(fault?.detail ?? "", detail);
        const socket = server.connection?.socket;
        if (row.answers !== undefined) {
          await until(() => server.connection?.hasEnded === true);
          assert.deepEqual(answersIn(server.connection?.received ?? hex(""), true), row.answers);
        }
        socket?.destroy();
        if (socket?.closed === false) await once(socket, "close");
      });
    }
  });
}
