/** What a cluster is to be made of. */
import type { AgentRole } from "./agent-role.js";

export interface ClusterPlan {
  /** Where agents and controller reach the NATS server: a name or an address. */
  readonly server: string;
  readonly port: number;
  readonly agents: readonly PlannedAgent[];
  /** That has wsrally in it, for containers. */
  readonly image: string;
}

export interface PlannedAgent {
  readonly name: string;
  readonly role: AgentRole;
  /** Its host: how ssh reaches it, and where others reach what listens there. */
  readonly host: string;
}
