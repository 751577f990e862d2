/**
 * What a run would do, as `--dry-run --json` prints it: its matrix multiplied out, what is compared with what, what it
 * needs of the machine, and how long it takes.
 */
import { z } from "zod";
import { agentRoles } from "../cluster/agent-role.js";
import { metricNames } from "../scenario/metric.js";
import { roomSchema } from "./arm-room.js";

const count = z.int().min(0);
const seconds = z.number().min(0);
/** From the fastest machine thought of to the slowest. */
const span = z.object({ low: seconds, high: seconds });

export const dryRunSchema = z.object({
  dryRun: z.literal(true),
  scenario: z.object({
    name: z.string(),
    description: z.string().nullable(),
    metrics: z.array(z.object({ metric: z.enum(metricNames), margin: z.number() })),
    axes: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(["arm", "directive", "workload"]),
        values: z.array(z.string()),
      }),
    ),
    comparedAxis: z.string().nullable(),
    precision: z.number().nullable(),
    blocks: count.nullable(),
    maxSeconds: seconds.nullable(),
  }),
  /** Arms under one load each. */
  groups: z.array(
    z.object({ group: z.string(), arms: z.array(z.string()), workload: z.record(z.string(), z.unknown()) }),
  ),
  arms: z.array(
    z.object({
      name: z.string(),
      arm: z.string(),
      set: z.record(z.string(), z.string()),
      group: z.string(),
      cell: z.record(z.string(), z.string()),
      /** Shown beside the others, compared with nothing. */
      isFloor: z.boolean(),
    }),
  ),
  /** Names of the arms that run back to back within a block. */
  rounds: z.array(z.array(z.string())),
  comparisons: z.array(z.object({ baseline: z.string(), candidate: z.string() })),
  needs: z.array(
    z.object({
      arm: z.string(),
      who: z.string(),
      what: z.string(),
      count,
      /** Null where the system does not tell. */
      limit: count.nullable(),
      fits: z.boolean(),
    }),
  ),
  /** Of a run with agents: how many it wants for its load, whom for its proxies, and who is there and free. */
  agents: z
    .object({
      wanted: count,
      proxyAgent: z.string().nullable(),
      there: z.array(z.object({ name: z.string(), role: z.enum(agentRoles), host: z.string() })),
      /** Why they were not asked; null where they were. */
      notAsked: z.string().nullable(),
    })
    .optional(),
  /** By the directive of a user's config that lets the fewest connections in; none where none limits them. */
  rooms: z.array(roomSchema.extend({ arm: z.string() })),
  estimate: z.object({
    trialS: span,
    blockS: span,
    /** Blocks at the first look, and at most. */
    blocks: z.object({ least: count, most: count }),
    totalS: span,
    /** How it was estimated, in words. */
    how: z.string(),
  }),
});

export type DryRun = z.infer<typeof dryRunSchema>;
