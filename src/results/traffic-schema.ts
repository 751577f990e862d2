/** What an arm was sent besides its trials, in the run document: each kind apart, absent where there was none. */
import { z } from "zod";
import type { Aside, Traffic } from "../trial/traffic-record.js";
import { failureSchema } from "./trial-schema.js";

const count = z.int().min(0);

export const trafficSchema = z.object({
  /** Of the whole time, warm-up included. */
  messages: z.object({ sent: count, received: count }),
  connections: z.object({ requested: count, opened: count, failed: count }),
  failures: z.array(failureSchema),
});

export type TrafficResult = z.infer<typeof trafficSchema>;
type Asides = Readonly<Partial<Record<Aside, TrafficResult>>>;

/** Sums traffic up, by arm and kind. */
export class TrafficTally {
  readonly #byArm = new Map<string, Asides>();

  add(arm: string, aside: Aside, traffic: Traffic): void {
    const asides = this.of(arm);
    this.#byArm.set(arm, { ...asides, [aside]: sumOf(asides[aside] ?? nothing, traffic) });
  }

  of(arm: string): Asides {
    return this.#byArm.get(arm) ?? {};
  }
}

const nothing: TrafficResult = {
  messages: { sent: 0, received: 0 },
  connections: { requested: 0, opened: 0, failed: 0 },
  failures: [],
};

function sumOf(so: TrafficResult, { messages, connections, failures }: Traffic): TrafficResult {
  return {
    messages: {
      sent: so.messages.sent + messages.sent,
      received: so.messages.received + messages.received,
    },
    connections: {
      requested: so.connections.requested + connections.requested,
      opened: so.connections.opened + connections.opened,
      failed: so.connections.failed + connections.failed,
    },
    failures: [...so.failures, ...failures],
  };
}
