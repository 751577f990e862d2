/**
 * The config of a NATS server that knows a controller and its agents by their keys, and lets each say what is its own.
 */
import { agentPermissions, controllerPermissions, type Permissions } from "./subjects.js";

interface NatsUser {
  readonly name: string;
  /** An nkey's public half. */
  readonly publicKey: string;
  readonly permissions: Permissions;
}

export function controllerUser(publicKey: string): NatsUser {
  return { name: "controller", publicKey, permissions: controllerPermissions };
}

export function agentUser(name: string, publicKey: string): NatsUser {
  return { name, publicKey, permissions: agentPermissions(name) };
}

/** @param listen "0.0.0.0:4222" */
export function serverConfig(listen: string, users: readonly NatsUser[]): string {
  return `# A NATS server for wsrally's agents; in this folder: nats-server -c nats-server.conf
listen: "${listen}"
tls {
  cert_file: "./server.crt"
  key_file: "./server.key"
}
authorization {
  users: [
${users.map(userText).join("\n")}
  ]
}
`;
}

function userText({ name, publicKey, permissions: { publish, subscribe, answers } }: NatsUser): string {
  const list = (subjects: readonly string[]): string => JSON.stringify(subjects).replaceAll(",", ", ");
  const more = answers ? ", allow_responses: true" : "";
  return `    # ${name}
    { nkey: ${publicKey}, permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)}${more} } }`;
}
