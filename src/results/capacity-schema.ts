/**
 * What a capacity search found, in the run document: for its first arm by the contract's names, for further arms the
 * same under `others`. Null or absent: not measured.
 */
import { z } from "zod";
import { limitNames, limitUnits } from "../diagnosis/limit.js";
import { logCauseIds } from "../diagnosis/log-cause.js";
import { searchKinds, stepKinds } from "../trial/capacity/capacity-step.js";
import { stormSchema } from "./storm-schema.js";
import { trialSchema } from "./trial-schema.js";

const count = z.int().min(0);
const amount = z.number().min(0);

/** The value, and its 95 % interval; null where the steps are too few for one. */
const fittedSchema = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

const rateSchema = z.object({
  /** Median of the posterior, and its quantiles 0.05 and 0.95. */
  value: amount,
  low: amount,
  /** Null when the generator was the limit: then it is at least the value. */
  high: amount.nullable(),
  isAtLeast: z.boolean(),
  /** The interval is as narrow as the search makes it; false for a search cut short. */
  isSettled: z.boolean(),
  /** Little's law at the value: rate × mean response; null where no step was near. */
  inFlight: amount.nullable(),
  responseUsMean: amount.nullable(),
});

const kneeSchema = z.object({
  /** Where throughput over mean response is greatest (Kleinrock 1979), and the loads that have 95 % of it. */
  value: amount,
  low: amount,
  high: amount,
  inFlight: amount,
  responseUsMean: amount,
});

const heldSchema = z.object({
  /** The most that were held; `high` is one less than the fewest that were not, null when none broke. */
  value: count,
  low: count,
  high: count.nullable(),
  isAtLeast: z.boolean(),
  isSettled: z.boolean(),
  /** What stopped it; null when nothing did. */
  stoppedBy: z
    .object({
      limit: z.enum(limitNames).nullable(),
      side: z.string(),
      /** What was seen when it broke, a sentence each. */
      evidence: z.array(z.string()),
    })
    .nullable(),
});

const queueSchema = z.object({
  /** Messages under way, by Little's law. */
  inFlight: amount,
  cpuUsPerMessage: amount,
});

const limitSchema = z.object({
  name: z.enum(limitNames),
  unit: z.enum(limitUnits),
  foretold: amount.nullable(),
  /** Null where the search did not meet it. */
  measured: amount.nullable(),
  /** What to change, as it is now. */
  directive: z.string(),
  note: z.string(),
  /** Causes in the proxy's log (`causeId`) that show this limit to be what stopped it. */
  provenBy: z.array(z.enum(logCauseIds)).optional(),
});

const costSchema = z.object({
  /** Fitted over message sizes (Theil and Sen), at one rate. */
  cpuUsPerMessage: z.object({ fixed: fittedSchema, perKiB: fittedSchema, ratePerS: amount }).nullable(),
  /** Slope of the proxy's memory (Pss where the kernel tells it) over connections, each with a message a second at most. */
  bytesPerConnection: fittedSchema.nullable(),
  /** The proxy's memory with no connection, by the same line. */
  baseBytes: z.number().nullable(),
  /** Slope of the proxy's processor time while they open, TLS and upgrade included. */
  cpuUsPerHandshake: fittedSchema.nullable(),
});

const stepSchema = z.object({
  kind: z.enum(stepKinds),
  connections: count,
  /** Offered; null in a closed loop. */
  ratePerS: amount.nullable(),
  payloadBytes: count.nullable(),
  /** `void`: the generator was not fit, so the step says nothing of the proxy. */
  outcome: z.enum(["pass", "fail", "void"]),
  because: z.array(z.string()),
  /** Throughput × mean response, by Little's law. */
  inFlight: amount.nullable(),
  cpuUsPerHandshake: z.number().nullable(),
  trial: trialSchema,
});

const armCapacitySchema = z.object({
  arm: z.string(),
  workers: count,
  /** What a closed loop carried before the search. */
  closedLoopPerS: amount.nullable(),
  /** Null: not searched, or kept at no load; `sloMet` tells. */
  ratePerS: rateSchema.nullable(),
  /** False when not even the lowest load kept the SLO; null before that is known. */
  sloMet: z.boolean().nullable(),
  kneePerS: kneeSchema.nullable(),
  /**
   * Two states at one load, where a long queue makes each message dearer for the proxy: a typical step with a short queue,
   * and the one with a long queue in which messages cost most. Null where they cost about the same; absent in older
   * documents.
   */
  slowState: z
    .object({ ratePerS: amount, factor: amount, short: queueSchema, long: queueSchema })
    .nullable()
    .optional(),
  connections: heldSchema.nullable(),
  limits: z.array(limitSchema),
  cost: costSchema.nullable(),
  steps: z.array(stepSchema),
  /** Of `--storm`; null or absent without, or where the proxy cannot be restarted. */
  storm: stormSchema.nullable().optional(),
});

export const capacitySchema = armCapacitySchema.extend({
  by: z.enum(searchKinds),
  /** What every step of the search is held to, clause by clause. */
  slo: z.array(z.string()),
  holdS: amount,
  mostConnections: count,
  others: z.array(armCapacitySchema),
  /** Rates of the others over the first arm's; quantiles 0.05 and 0.95 of the posteriors' ratio. */
  ratios: z.array(
    z.object({ baseline: z.string(), candidate: z.string(), ratio: amount, low: amount, high: amount }),
  ),
  /** Universal Scalability Law, where arms differ in their workers alone. */
  scalability: z
    .object({
      arms: z.array(z.string()),
      perWorkerPerS: amount,
      contention: amount,
      /** 0 where only two numbers of workers were run, which cannot tell it. */
      coherency: amount,
    })
    .nullable(),
  plan: z
    .object({
      connections: count,
      messagesPerSEach: amount,
      /** Null where no number of workers would do. */
      workers: count.nullable(),
      memoryBytes: amount.nullable(),
      /** Of `directives`, by the names that they had before there were any; null for a proxy that has no such. */
      workerConnections: count.nullable().optional(),
      openFilesPerWorker: count.nullable().optional(),
      /** What its config needs, a line each; absent in older documents. */
      directives: z.array(z.string()).optional(),
      /** Time in which all of them could connect again, all workers busy with nothing else. */
      reconnectS: amount.nullable(),
      assumptions: z.array(z.string()),
    })
    .nullable(),
});

export type Capacity = z.infer<typeof capacitySchema>;
export type ArmCapacity = z.infer<typeof armCapacitySchema>;
export type CapacityStepResult = z.infer<typeof stepSchema>;
export type CapacityLimit = z.infer<typeof limitSchema>;
export type CapacityCost = z.infer<typeof costSchema>;
export type CapacityPlan = NonNullable<Capacity["plan"]>;
export type HeldConnections = NonNullable<ArmCapacity["connections"]>;
export type Fitted = z.infer<typeof fittedSchema>;
