/**
 * Where the controller and its agents meet on a NATS server, and who may say what there: an agent publishes what is its
 * own, and answers what it is asked; it can neither steer another agent nor read what another says.
 */
const root = "wsrally";

/** Everybody hears it and answers; a run hires those that are free. */
export const rollCall = `${root}.who`;

/** What an agent is asked; it answers by NATS's own reply subject. */
export function subjectTo(agent: string): string {
  return `${root}.to.${agent}`;
}

/** What an agent says unasked. */
export function subjectFrom(agent: string): string {
  return `${root}.from.${agent}`;
}

/** Publish and subscribe permissions of a NATS user. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer whatever it is asked, at a subject that the asker has made up. */
  readonly answers: boolean;
}

export const controllerPermissions: Permissions = {
  publish: [rollCall, subjectTo("*")],
  subscribe: [subjectFrom("*"), "_INBOX.>"],
  answers: false,
};

export function agentPermissions(agent: string): Permissions {
  return { publish: [subjectFrom(agent)], subscribe: [rollCall, subjectTo(agent)], answers: true };
}

/** Whether it can be a part of a subject, a file's name, and a name in Kubernetes. */
export function isAgentName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}
