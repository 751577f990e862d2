/**
 * What `probe --json` prints and stores: the arm, and every finding. Names are added, not renamed, within a version.
 */
import { z } from "zod";
import { findingIds, findingSides, findingStatuses } from "../probe/finding.js";
import { environmentSchema } from "./environment-schema.js";
import { proxySchema, schemaVersion } from "./run-document.js";

const findingSchema = z.object({
  /** Explained in docs/findings.md. */
  id: z.enum(findingIds),
  status: z.enum(findingStatuses),
  /** Who is to mend it; unknown where one end alone cannot tell. */
  side: z.enum(findingSides),
  title: z.string(),
  /** What was seen, a line each. */
  evidence: z.array(z.string()),
  /** Null where all is well; why it was not tested where it was not. */
  cause: z.string().nullable(),
  cure: z.string().nullable(),
});

export const probeDocumentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal("wsrally"), version: z.string() }),
  runId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  environment: environmentSchema,
  arm: z.object({
    name: z.string(),
    /** As it would be typed. */
    arm: z.string(),
    set: z.record(z.string(), z.string()),
    path: z.string(),
    /** Null when the config was refused. */
    proxy: proxySchema.nullable(),
  }),
  options: z.object({ quick: z.boolean(), idle: z.boolean() }),
  findings: z.array(findingSchema),
});

export type ProbeDocument = z.infer<typeof probeDocumentSchema>;
