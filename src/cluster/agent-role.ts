/** What an agent does on its host: makes load, runs the proxy, or both. */
export const agentRoles = ["load", "proxy", "both"] as const;
export type AgentRole = (typeof agentRoles)[number];
