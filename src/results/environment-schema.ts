/** The machine, the tools and the state of the sources of a run, as they stand in every document. */
import { z } from "zod";

const count = z.int().min(0);

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
  /** What the CI service checked out, by its variables; null where none says. */
  ciCommit: z.object({ commit: z.string(), branch: z.string().nullable() }).nullable().optional(),
});

export type Environment = z.infer<typeof environmentSchema>;
