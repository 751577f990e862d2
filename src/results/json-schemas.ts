/**
 * The published JSON Schemas (draft 2020-12), made from the zod schemas that the program itself checks with.
 */
import { z } from "zod";
import { scenarioSchema } from "../scenario/scenario.js";
import { baselineSchema } from "./baseline-schema.js";
import { costTableSchema } from "./cost-table-schema.js";
import { doctorSchema } from "./doctor-schema.js";
import { dryRunSchema } from "./dry-run-schema.js";
import { historyDocumentSchema } from "./history-document.js";
import { historyEntrySchema } from "./history-entry.js";
import { probeDocumentSchema } from "./probe-document.js";
import { progressEventSchema } from "./progress-event.js";
import { runDocumentSchema } from "./run-document.js";

/** By file name in schemas/. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return {
    "scenario.schema.json": {
      ...z.toJSONSchema(scenarioSchema, { io: "input" }),
      title: "wsrally scenario",
    },
    "run.schema.json": {
      ...z.toJSONSchema(runDocumentSchema, { io: "input" }),
      title: "wsrally run document",
    },
    "dry-run.schema.json": {
      ...z.toJSONSchema(dryRunSchema, { io: "input" }),
      title: "wsrally dry run",
    },
    "probe.schema.json": {
      ...z.toJSONSchema(probeDocumentSchema, { io: "input" }),
      title: "wsrally probe document",
    },
    "progress.schema.json": {
      ...z.toJSONSchema(progressEventSchema, { io: "output" }),
      title: "wsrally progress event",
    },
    "doctor.schema.json": {
      ...z.toJSONSchema(doctorSchema, { io: "input" }),
      title: "wsrally doctor",
    },
    "baseline.schema.json": {
      ...z.toJSONSchema(baselineSchema, { io: "input" }),
      title: "wsrally stored baseline",
    },
    "cost-table.schema.json": {
      ...z.toJSONSchema(costTableSchema, { io: "input" }),
      title: "wsrally cost table",
    },
    "history.schema.json": {
      ...z.toJSONSchema(historyDocumentSchema, { io: "input" }),
      title: "wsrally history",
    },
    "history-entry.schema.json": {
      ...z.toJSONSchema(historyEntrySchema, { io: "input" }),
      title: "wsrally run in a history",
    },
  };
}
