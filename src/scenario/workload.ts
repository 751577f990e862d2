/**
 * The workload: what every arm of a run is loaded with. One zod schema gives the validation, the type and the JSON
 * Schema that editors use.
 */
import { z } from "zod";
import { type NamedText, readCookieText, readHeaderText } from "../base/header-text.js";
import { type BehindAddress, behindKeys, readBehind } from "./behind.js";
import { type Conversation, conversationOf } from "./conversation.js";
import { conversationKeys } from "./conversation-schema.js";
import { cookieSchema, headerSchema, subprotocolSchema } from "./handshake-schema.js";
import { type BurnIn, type Interleave, interleaveKeys } from "./interleave.js";
import { type Loop, resolveLoop, usualConnections } from "./loop.js";
import { type Message, resolveMessage } from "./message.js";
import { oneOf } from "./one-of.js";
import { presets } from "./presets.js";
import { quantitySchema, shareSchema } from "./quantity-schema.js";
import { residenceKeys, type Watched } from "./residence.js";
import { type Shape, shapeOf } from "./shape.js";
import { shapeKeys } from "./shape-schema.js";
import { mostConnections, stageSeconds } from "./stages-schema.js";
import { type Transport, transportKeys, transportOf } from "./transport-schema.js";
import { type Unasked, unaskedOf } from "./unasked.js";
import { unaskedKeys } from "./unasked-schema.js";
import { clashesOf } from "./workload-clashes.js";

const arrivalNames = ["uniform", "poisson"] as const;
/** How an open loop's messages are spaced. */
export type Arrivals = (typeof arrivalNames)[number];

const upstreamNames = ["ours", "as-configured"] as const;

export const engineNames = ["auto", "io_uring", "epoll", "ws"] as const;

/** Workload keys as a scenario file gives them; every one may be left out. */
export const workloadSchema = z
  .strictObject({
    connections: quantitySchema({ kind: "count", least: 1, most: 1_000_000 }).describe(
      "Connections opened through every arm (1000)",
    ),
    rate: quantitySchema({ kind: "rate", least: 0, most: 10_000_000, isAbove: true }).describe(
      "Open loop: messages a second for the whole arm, sent by schedule whatever the replies do",
    ),
    closed: z
      .boolean()
      .describe("Closed loop: each connection sends its next message when the reply is there"),
    duration: quantitySchema({ kind: "time", least: 0.05, most: 3600 }).describe(
      "Seconds measured in each trial (0.8 to 5, by the messages needed)",
    ),
    warmup: quantitySchema({ kind: "time", least: 0, most: 3600 }).describe(
      "Seconds of load before the measurement, thrown away",
    ),
    arrivals: z
      .enum(arrivalNames, oneOf(arrivalNames))
      .describe("How an open loop's messages are spaced: uniform (the default), or poisson as of many users"),
    busyPoll: z.boolean().describe("Never sleep between sends: less lateness for a whole processor a thread"),
    ramp: quantitySchema({ kind: "rate", least: 0, most: 1_000_000, isAbove: true }).describe(
      "Connections opened a second (as fast as they are accepted)",
    ),
    heartbeat: quantitySchema({ kind: "time", least: 0.1, most: 3600 }).describe(
      "Seconds between two WebSocket pings of each connection (none)",
    ),
    payload: quantitySchema({ kind: "size", least: 0, most: 1_048_576 }).describe(
      "Bytes a message; without it the message is the text ping",
    ),
    text: z.boolean().describe("Send payloads as text frames (the default)"),
    binary: z.boolean().describe("Send payloads as binary frames"),
    ...conversationKeys,
    ...shapeKeys,
    ...unaskedKeys,
    upstream: z
      .enum(upstreamNames, oneOf(upstreamNames))
      .describe(
        "Which backend stands behind a config's proxy: ours, or as-configured, the config's own (ours)",
      ),
    ...behindKeys,
    ...residenceKeys,
    split: z.boolean().describe("Split round trips into directions by stamped messages, one of 16 (on)"),
    path: z
      .string()
      .startsWith("/", "want a path that starts with /, such as /sock")
      .describe(
        "Path of the WebSocket, with its query (where the arm's config proxies one, else /sock); places as in header",
      ),
    serverName: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, "want a host name")
      .describe("Which server of an arm's config to measure (the one that proxies WebSockets)"),
    host: z.string().min(1).describe("Host header (from the target)"),
    origin: z.string().min(1).describe("Origin header (from the target, as a browser sets it)"),
    header: headerSchema,
    cookie: cookieSchema,
    subprotocol: subprotocolSchema,
    data: z
      .string()
      .min(1)
      .describe(
        "CSV file with names in its first line: row i fills the {{column}} places of connection i (none)",
      ),
    ca: z
      .string()
      .min(1)
      .describe("PEM file of the certificate authority that signed the proxy's certificate"),
    insecure: z.boolean().describe("Accept any certificate"),
    resume: z
      .boolean()
      .describe("Resume TLS sessions, as browsers do; else every connection has a full handshake"),
    deflate: z.boolean().describe("Offer permessage-deflate (off)"),
    ...transportKeys,
    threads: quantitySchema({ kind: "count", least: 1, most: 256 }).describe(
      "Generator threads (half the processors)",
    ),
    engine: z
      .enum(engineNames, oneOf(engineNames))
      .describe("What drives the connections: auto takes the lightest that fits"),
    seed: quantitySchema({ kind: "count", least: 0, most: 4_294_967_295 }).describe(
      "Seed of every random choice (drawn and printed)",
    ),
    blocks: quantitySchema({ kind: "count", least: 1, most: 1000 }).describe(
      "Blocks measured: one trial of every arm each (as many as are needed)",
    ),
    maxSeconds: quantitySchema({ kind: "time", least: 0, most: 86_400, isAbove: true }).describe(
      "Time the whole run may take, in seconds (120)",
    ),
    precision: shareSchema.describe(
      "Go on until every 95 % interval is within this share of its ratio (3%), or the time is up",
    ),
    ...interleaveKeys,
  })
  .partial()
  .check(({ value, issues }) => {
    for (const { key, words } of clashesOf(value)) {
      issues.push({ code: "custom", input: value, path: [key], message: words });
    }
  });

/** The workload as its user gave it, in seconds, bytes, messages. */
export type WorkloadInput = z.infer<typeof workloadSchema>;

/** The workload as the run reads it: every default filled in; null means "by the rule of the trial plan". */
export interface Workload extends Shape, Unasked, Transport, Watched {
  /** The most, where stages change their number. */
  readonly connections: number;
  readonly loop: Loop;
  readonly durationS: number | null;
  readonly warmupS: number | null;
  readonly rampPerS: number | null;
  readonly arrivals: Arrivals;
  readonly busyPoll: boolean;
  readonly heartbeatS: number | null;
  readonly message: Message;
  /** What else is said, and how replies are told; null where the message is wsrally's own and nothing comes first. */
  readonly conversation: Conversation | null;
  /** Whether the backend behind a config's proxy is the config's own. */
  readonly keepsUpstream: boolean;
  /** Where our backend stands behind proxies that somebody else runs; null: it does not. */
  readonly behind: readonly BehindAddress[] | null;
  /** Null: drawn when the run starts. */
  readonly token: string | null;
  readonly split: boolean;
  /** Null: the URL's own for an arm that is a URL, what a user's config says of itself, else `/sock`. */
  readonly path: string | null;
  /** Where a preset's server listens as a rule: for a URL that names no path; null without one. */
  readonly usualPath: string | null;
  /** Null: the server of the config that proxies WebSockets. */
  readonly serverName: string | null;
  readonly host: string | null;
  readonly origin: string | null;
  /** As they were written: their places are filled where the request is made. */
  readonly headers: readonly NamedText[];
  readonly cookies: readonly NamedText[];
  readonly subprotocols: readonly string[];
  readonly dataFile: string | null;
  readonly caFile: string | null;
  readonly insecure: boolean;
  readonly resume: boolean;
  readonly deflate: boolean;
  readonly threads: number | null;
  readonly engine: (typeof engineNames)[number];
  readonly seed: number | null;
  readonly blocks: number | null;
  /** Null: no limit, because the number of blocks was given. */
  readonly maxSeconds: number | null;
  /** Null: a verdict is enough. */
  readonly precision: number | null;
  readonly interleave: Interleave;
  readonly burnIn: BurnIn;
}

/** Time for a run whose end is decided by its verdict. */
const defaultMaxSeconds = 120;

/** Fills the defaults in. */
export function resolveWorkload(given: WorkloadInput): Workload {
  const { path: usualPath = null, ...preset } = given.preset === undefined ? {} : presets[given.preset];
  const input: WorkloadInput = { ...preset, ...given };
  const connections = mostConnections(input.stages) ?? input.connections ?? usualConnections;
  return {
    connections,
    loop: resolveLoop({ ...input, connections }),
    durationS: input.stages === undefined ? (input.duration ?? null) : stageSeconds(input.stages),
    warmupS: input.warmup ?? null,
    rampPerS: input.ramp ?? null,
    arrivals: input.arrivals ?? "uniform",
    busyPoll: input.busyPoll ?? false,
    heartbeatS: input.heartbeat ?? null,
    message: resolveMessage(input),
    conversation: conversationOf(input),
    ...unaskedOf(input),
    keepsUpstream: input.upstream === "as-configured",
    ...shapeOf(input, connections),
    behind: input.behind === undefined ? null : readBehind(input.behind),
    token: input.token ?? null,
    residence: input.residence ?? false,
    split: input.split ?? true,
    path: input.path ?? null,
    usualPath,
    serverName: input.serverName ?? null,
    host: input.host ?? null,
    origin: input.origin ?? null,
    headers: (input.header ?? []).flatMap((text) => readHeaderText(text) ?? []),
    cookies: (input.cookie ?? []).flatMap((text) => readCookieText(text) ?? []),
    subprotocols: input.subprotocol ?? [],
    dataFile: input.data ?? null,
    caFile: input.ca ?? null,
    insecure: input.insecure ?? false,
    resume: input.resume ?? false,
    deflate: input.deflate ?? false,
    ...transportOf(input),
    threads: input.threads ?? null,
    engine: input.engine ?? "auto",
    seed: input.seed ?? null,
    blocks: input.blocks ?? null,
    maxSeconds: input.maxSeconds ?? (input.blocks === undefined ? defaultMaxSeconds : null),
    precision: input.precision ?? null,
    interleave: input.interleave ?? "auto",
    burnIn: input.burnIn ?? "each",
  };
}
