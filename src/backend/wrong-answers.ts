/** Answers that go wrong on purpose, and how many did. */
import type { Opcode } from "../websocket/opcode.js";
import type { AnswerFaultCounts } from "./backend-counts.js";
import type { Connection } from "./connection.js";
import type { AnswerFault } from "./fault-plan.js";
import type { Output } from "./output.js";

export class WrongAnswers {
  readonly #output: Output;
  #dropped = 0;
  #repeated = 0;
  #altered = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  counts(): Omit<AnswerFaultCounts, "slow"> {
    return { dropped: this.#dropped, repeated: this.#repeated, altered: this.#altered };
  }

  /** @returns payload bytes of each message that was sent */
  send(kind: AnswerFault["kind"], connection: Connection, opcode: Opcode, payload: Buffer): number[] {
    switch (kind) {
      case "drop":
        this.#dropped++;
        return [];
      case "duplicate":
        this.#repeated++;
        this.#output.frame(connection, opcode, payload);
        this.#output.frame(connection, opcode, payload);
        return [payload.length, payload.length];
      case "alter": {
        this.#altered++;
        // The last bit of the last byte: what was ASCII stays so. Where there is no byte to change, one is added.
        const altered = payload.length === 0 ? Buffer.from("?") : Buffer.from(payload);
        altered[altered.length - 1] = (altered.at(-1) as number) ^ 1;
        this.#output.frame(connection, opcode, altered);
        return [altered.length];
      }
    }
  }
}
