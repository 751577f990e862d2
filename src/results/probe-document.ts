/**
 * What `probe --json` prints and stores: the arm, and every finding. Names are added, not renamed, within a version.
 */
import { z } from "zod";
import { behindSchema } from "./behind-schema.js";
import { environmentSchema } from "./environment-schema.js";
import { findingSchema } from "./finding-schema.js";
import { proxySchema, schemaVersion } from "./run-document.js";
import { tagsSchema } from "./run-tags.js";

export const probeDocumentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal("wsrally"), version: z.string() }),
  runId: z.string(),
  /** Names that the user gave it. */
  tags: tagsSchema,
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
    /** Absent for arms that wsrally runs itself, and for a URL with somebody else's backend. */
    behind: behindSchema.omit({ others: true }).optional(),
  }),
  options: z.object({ quick: z.boolean(), idle: z.boolean() }),
  findings: z.array(findingSchema),
  /** What the arm was sent: connections over TCP, and text and binary messages. */
  sent: z.object({ connections: z.int().min(0), messages: z.int().min(0) }).optional(),
});

export type ProbeDocument = z.infer<typeof probeDocumentSchema>;
