/** The machine, the tools and the state of the sources of a run, as they stand in every document. */
import { z } from "zod";
import { agentRoles } from "../cluster/agent-role.js";

const count = z.int().min(0);

const agentSchema = z.object({
  name: z.string(),
  role: z.enum(agentRoles),
  host: z.string(),
  /** Its monotonic clock minus the controller's, and the round trip of the exchange that told it: known to within half of that. */
  offsetUs: z.number(),
  rttUs: z.number(),
  /** How much later than ordered its generators began, in the trial where that was the most; null where it began none. */
  startSkewUs: z.number().nullable(),
  /** Why it was not there to the end; absent for one that was. */
  lost: z.string().optional(),
});

export const environmentSchema = z.object({
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string().nullable(),
  cpus: count,
  memoryBytes: count,
  node: z.string(),
  maxOpenFiles: count.nullable(),
  ci: z.boolean(),
  /** What the machine runs on and in; null where that cannot be told. */
  virtualisation: z
    .object({
      /** `none`, or what the firmware calls it. */
      hypervisor: z.string(),
      container: z.string().nullable(),
    })
    .nullable()
    .optional(),
  /** The repository in whose folder the run was started; null outside of one. */
  git: z
    .object({
      commit: z.string().nullable(),
      /** Tracked files differ from the commit. */
      dirty: z.boolean(),
      branch: z.string().nullable(),
    })
    .nullable()
    .optional(),
  /** The hosts that made the load or ran the proxies, where it was not this one. */
  agents: z.array(agentSchema).optional(),
  /** What the CI service checked out, by its variables; null where none says. */
  ciCommit: z.object({ commit: z.string(), branch: z.string().nullable() }).nullable().optional(),
});

export type Environment = z.infer<typeof environmentSchema>;
