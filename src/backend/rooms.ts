/**
 * Rooms, as of a chat: a connection joins one, and what it sends to its room goes to every member, itself among them.
 * Members that are over leave with the next message.
 */
import { roomOf, unaskedKindOf, unaskedKinds } from "../base/unasked-message.js";
import { opcodes } from "../websocket/opcode.js";
import type { Connection } from "./connection.js";
import type { DelayLine } from "./delay-line.js";
import type { Output } from "./output.js";

interface RoomsSettings {
  readonly output: Output;
  /** Holds what goes to members back as it does answers; null for none. */
  readonly delays: DelayLine | null;
  /** Something has been sent on the connection. */
  readonly ran: (connection: Connection) => void;
}

export class Rooms {
  readonly #settings: RoomsSettings;
  readonly #byNumber = new Map<number, Set<Connection>>();

  constructor(settings: RoomsSettings) {
    this.#settings = settings;
  }

  /** @returns whether the message was for a room, and wants no answer */
  takes(connection: Connection, data: Buffer, start: number, end: number): boolean {
    switch (unaskedKindOf(data, start, end)) {
      case unaskedKinds.join:
        this.#join(connection, roomOf(data, start));
        this.#settings.output.frame(connection, opcodes.text, data, start, end);
        return true;
      case unaskedKinds.cast:
        this.#cast(connection, data, start, end);
        return true;
      default:
        return false;
    }
  }

  #join(connection: Connection, number: number): void {
    const room = this.#byNumber.get(number) ?? new Set();
    // Those of an earlier trial, with the same number, came before all others.
    for (const member of room) {
      if (member.phase !== "closed") break;
      room.delete(member);
    }
    this.#byNumber.set(number, room.add(connection));
    connection.room = room;
  }

  #cast(from: Connection, data: Buffer, start: number, end: number): void {
    const { output, delays, ran } = this.#settings;
    // What is put together for the sender must not go out to somebody else.
    output.push(from);
    const kept = delays === null ? null : Buffer.from(data.subarray(start, end));
    for (const member of from.room ?? []) {
      if (member.phase === "closed") member.room?.delete(member);
      if (member.phase !== "open" || member.isStalled || !member.takesMore()) continue;
      if (delays !== null && kept !== null) {
        delays.hold(member, kept.length, () => {
          if (member.phase === "open") output.frame(member, opcodes.text, kept);
        });
        continue;
      }
      output.frame(member, opcodes.text, data, start, end);
      // Whoever reads from the sender lets the rest follow for it.
      if (member === from) output.push(member);
      else ran(member);
    }
  }
}
