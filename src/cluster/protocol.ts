/**
 * What a controller asks its agents, and what they say. Every question has an answer, by NATS's request and reply; what a
 * generator says of its job comes unasked, in numbered parts.
 */
import type { BackendReport, ListeningServer } from "../backend/messages.js";
import type { PongServerOptions } from "../backend/pong-server.js";
import type { Posture } from "../backend/posture.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import type { GeneratorReply, PortableJob, ThreadOrder } from "../load/carried-job.js";
import type { AgentRole } from "./agent-role.js";
import type { ProxyAnswer, ProxyRequest } from "./proxy-protocol.js";

/** What an agent is, and what its host has. */
export interface AgentFacts {
  readonly name: string;
  readonly role: AgentRole;
  /** Its host's own name. */
  readonly host: string;
  /** Where others reach what it listens on. */
  readonly address: string;
  /** Generators that run there at once. */
  readonly threads: number;
  /** Of its host, and of each process there. */
  readonly limits: MachineLimits;
  /** Whether nobody can read what it is told: see `isPrivate`. */
  readonly isPrivate: boolean;
  /** Of wsrally: both ends must be of one. */
  readonly version: string;
}

/** Which of an agent's backends is meant: what an upstream is switched to is the second. */
export type BackendPlace = "first" | "second";

export type AgentRequest =
  /** To be this run's alone, until it is released or hears nothing more. */
  | { readonly kind: "hire"; readonly run: string }
  | { readonly kind: "beat"; readonly run: string }
  | { readonly kind: "clock" }
  | { readonly kind: "job"; readonly run: string; readonly job: number; readonly order: PortableJob }
  | {
      readonly kind: "order";
      readonly run: string;
      readonly job: number;
      readonly order: ThreadOrder;
    }
  /** Which jobs have not ended. */
  | { readonly kind: "jobs"; readonly run: string }
  /** Ends it at once, without a report. */
  | { readonly kind: "cancel"; readonly run: string; readonly job: number }
  /** Starts the agent's own backend; the second stands beside the first. */
  | {
      readonly kind: "listen";
      readonly run: string;
      readonly place: BackendPlace;
      readonly options: PongServerOptions;
    }
  | { readonly kind: "report" | "reset"; readonly run: string; readonly place: BackendPlace }
  | { readonly kind: "take"; readonly run: string; readonly place: BackendPlace; readonly posture: Posture }
  | ({ readonly run: string } & ProxyRequest)
  | { readonly kind: "release"; readonly run: string };

export type AgentAnswer =
  /** @property busyWith the run that it is at work for, where it is not free */
  | { readonly kind: "facts"; readonly facts: AgentFacts; readonly busyWith?: string }
  /** With the parts that were sent in this session. */
  | { readonly kind: "beating"; readonly parts: number }
  | { readonly kind: "clock"; readonly atNs: number }
  | { readonly kind: "running"; readonly jobs: readonly number[] }
  | { readonly kind: "done" }
  | { readonly kind: "listening"; readonly server: ListeningServer }
  | { readonly kind: "report"; readonly report: BackendReport }
  | ProxyAnswer
  /** In words for the user. */
  | { readonly kind: "failed"; readonly message: string };

/** Said unasked. */
export interface AgentWord {
  readonly job: number;
  readonly reply: GeneratorReply;
}

/** Each side tells by them that the other is there. */
export const beatEveryMs = 250;
