/**
 * The cost table, `cost-table.json` beside the runs that it is made of: what a WebSocket message and an open WebSocket cost
 * each proxy. Every figure follows from the trials of those runs; `wsrally verify` makes them again.
 */
import { z } from "zod";

const count = z.int().min(0);
const amount = z.number().min(0);
const text = z.string().max(4000);

/** Over trials that count. */
const figureSchema = z.object({
  trials: z.int().min(1),
  median: amount,
  /** The 95 % interval of the median, by order statistics; null with fewer than six trials. */
  low: amount.nullable(),
  high: amount.nullable(),
  least: amount,
  most: amount,
});

/** Null where no trial tells. */
const figure = figureSchema.nullable();

const subject = {
  kind: text,
  /** What is changed in the built-in config, TLS apart; empty for none. */
  set: z.record(text, text),
  tls: z.boolean(),
  connections: count,
};

const messageFiguresSchema = z.object({
  messagesPerS: figure,
  /** Processor time of all the proxy's processes, a message there and back. */
  cpuUsPerMessage: figure,
  /** 1 is one processor kept busy: what "saturation" was, or was not. */
  cpuShare: figure,
  /** Of an open connection, and what it grows by once it carries messages. */
  activeBytesPerConnection: figure,
  wireP50Us: figure,
  wireP99Us: figure,
});

const messageRowSchema = z.object({
  ...subject,
  bytes: count,
  /** Offered; null for a closed loop, which saturates. */
  ratePerS: amount.nullable(),
  /** Trials that do not count, for the machine or the generator had a say in them. */
  setAside: count,
  figures: messageFiguresSchema,
});

const connectionFiguresSchema = z.object({
  /** By the slope of the proxy's memory while they open: exact (PSS) where enough points tell, else resident. */
  idleBytesPerConnection: figure,
  openedPerS: figure,
  cpuUsPerHandshake: figure,
});

const connectionRowSchema = z.object({ ...subject, figures: connectionFiguresSchema });

const programSchema = z.object({
  kind: text,
  version: text.nullable(),
  build: z.string().max(20_000).nullable(),
  /** Of the program's file. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

export const costTableVersion = 1;

export const costTableSchema = z.object({
  schemaVersion: z.literal(costTableVersion),
  tool: z.object({ name: z.literal("wsrally"), version: text }),
  /** A short look, which settles nothing. */
  quick: z.boolean(),
  /** The runs it is made of, by id: folders beside it. */
  runs: z.array(z.string().regex(/^[\w.-]{1,200}$/)).max(10_000),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** What others than the run took of one processor, over all trials; null where that is not told. */
  otherShare: figure,
  programs: z.array(programSchema),
  messages: z.array(messageRowSchema),
  connections: z.array(connectionRowSchema),
  /** What could not be measured here, and why. */
  leftOut: z.array(z.object({ what: text, why: text })),
});

export type CostTable = z.infer<typeof costTableSchema>;
export type CostFigure = z.infer<typeof figureSchema>;
export type MessageRow = z.infer<typeof messageRowSchema>;
export type ConnectionRow = z.infer<typeof connectionRowSchema>;
