/** The hosts that make a run's load, in its document. */
import type { AgentStanding } from "../cluster/crew.js";
import type { RunDocument } from "./run-document.js";

export function withAgents(document: RunDocument, standings: readonly AgentStanding[]): RunDocument {
  const agents = standings.map(({ name, role, host, offsetNs, rttNs, startSkewNs, lost }) => ({
    name,
    role,
    host,
    offsetUs: offsetNs / 1e3,
    rttUs: rttNs / 1e3,
    startSkewUs: startSkewNs === null ? null : startSkewNs / 1e3,
    ...(lost === null ? {} : { lost }),
  }));
  return { ...document, environment: { ...document.environment, agents } };
}
