/**
 * Everything that agents on several hosts need to find each other and nobody else: keys, a server's config and
 * certificate, and what starts them.
 */
import { isIP } from "node:net";
import { makeRunCertificate } from "../proxy/run-certificate.js";
import type { ClusterPlan } from "./cluster-plan.js";
import { credentialsText } from "./credentials.js";
import { agentUser, controllerUser, serverConfig } from "./server-config.js";
import { composeText, kubernetesText, sshText } from "./start-texts.js";

interface ClusterFile {
  readonly name: string;
  readonly text: string;
  /** Whether it is for its user alone. */
  readonly isSecret: boolean;
}

/** With keys that nobody has had before. */
export async function makeClusterFiles(plan: ClusterPlan): Promise<ClusterFile[]> {
  const { createUser } = await import("./nats-library.js");
  // A client that asks by address looks for `localhost` in the certificate, which this one has in any case; Compose calls it nats.
  const names = ["nats", ...(isIP(plan.server) === 0 ? [plan.server] : [])];
  const { caPem, certificatePem, keyPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" }, names);
  const open = (name: string, text: string): ClusterFile => ({ name, text, isSecret: false });
  const secret = (name: string, text: string): ClusterFile => ({ name, text, isSecret: true });
  const keyOf = (agent: string | null): { publicKey: string; creds: string } => {
    const pair = createUser();
    const seed = new TextDecoder().decode(pair.getSeed());
    return { publicKey: pair.getPublicKey(), creds: credentialsText(seed, caPem, agent) };
  };
  const controller = keyOf(null);
  const agents = plan.agents.map((agent) => ({ ...agent, ...keyOf(agent.name) }));
  const users = [
    controllerUser(controller.publicKey),
    ...agents.map(({ name, publicKey }) => agentUser(name, publicKey)),
  ];
  return [
    open("nats-server.conf", serverConfig(`0.0.0.0:${plan.port}`, users)),
    open("server.crt", certificatePem),
    secret("server.key", keyPem),
    secret("controller.creds", controller.creds),
    ...agents.map(({ name, creds }) => secret(`${name}.creds`, creds)),
    open("start-by-ssh.sh", sshText(plan)),
    open("compose.yaml", composeText(plan)),
    secret("kubernetes.yaml", kubernetesText(plan, agents)),
  ];
}
