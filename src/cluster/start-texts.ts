/**
 * What starts a cluster's agents: lines for ssh, a file for Docker Compose, one for Kubernetes. No secret is on a command
 * line, where every user of a host could read it.
 */
import { stringify } from "yaml";
import { toolVersion } from "../base/tool-version.js";
import type { ClusterPlan, PlannedAgent } from "./cluster-plan.js";

function agentWords(
  { server, port }: ClusterPlan,
  agent: PlannedAgent,
  credsFile: string,
  address: string,
): string[] {
  return [
    "agent",
    ...["--nats", `tls://${server}:${port}`],
    ...["--creds", credsFile],
    ...["--role", agent.role],
    ...["--name", agent.name],
    ...["--address", address],
  ];
}

/** Copies each agent's key to its host and starts it there, in the background, until the host stops it. */
export function sshText(plan: ClusterPlan): string {
  const lines = plan.agents.map((agent) => {
    const { name, host } = agent;
    const words = agentWords(plan, agent, `$HOME/.wsrally/${name}.creds`, host).join(" ");
    return `# ${name}
ssh ${host} 'umask 077; mkdir -p ~/.wsrally; cat > ~/.wsrally/${name}.creds' < ${name}.creds
ssh ${host} 'nohup npx --yes wsrally@${toolVersion} ${words} > ~/.wsrally/${name}.log 2>&1 < /dev/null &'`;
  });
  return `#!/bin/sh\n# Starts the agents, from this folder; their hosts have Node 20 or newer.\nset -eu\n${lines.join("\n")}\n`;
}

/** Agents with networks of their own on one host, for a trial of it all; the NATS server among them. */
export function composeText(plan: ClusterPlan): string {
  const inside = { ...plan, server: "nats" };
  const agents = plan.agents.map((agent) => [
    agent.name,
    {
      image: plan.image,
      command: agentWords(inside, agent, "/run/secrets/creds", agent.name),
      secrets: [{ source: agent.name, target: "creds" }],
      depends_on: ["nats"],
    },
  ]);
  return stringify({
    services: {
      nats: {
        image: "nats:2",
        working_dir: "/cluster",
        command: ["-c", "nats-server.conf"],
        volumes: [".:/cluster:ro"],
        ports: [`${plan.port}:${plan.port}`],
      },
      ...Object.fromEntries(agents),
    },
    secrets: Object.fromEntries(plan.agents.map(({ name }) => [name, { file: `./${name}.creds` }])),
  });
}

/**
 * A pod an agent, each on a node of its own; the NATS server stays where it is. A Job for each and not one for all: pods of
 * one share their volumes, and an agent is to have its own key alone.
 */
export function kubernetesText(
  plan: ClusterPlan,
  agents: readonly (PlannedAgent & { readonly creds: string })[],
): string {
  const documents = agents.flatMap((agent) => {
    const { name, role, creds } = agent;
    const labels = { app: "wsrally-agent", agent: name, role };
    return [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: `wsrally-${name}`, labels },
        stringData: { creds },
      },
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: `wsrally-${name}`, labels },
        spec: {
          backoffLimit: 6,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "OnFailure",
              automountServiceAccountToken: false,
              affinity: apart,
              volumes: [{ name: "creds", secret: { secretName: `wsrally-${name}` } }],
              containers: [
                {
                  name: "agent",
                  image: plan.image,
                  args: agentWords(plan, agent, "/var/run/wsrally/creds", "$(POD_IP)"),
                  env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
                  volumeMounts: [{ name: "creds", mountPath: "/var/run/wsrally", readOnly: true }],
                  resources: { requests: { cpu: "2", memory: "512Mi" } },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    runAsNonRoot: true,
                    runAsUser: 1000,
                    capabilities: { drop: ["ALL"] },
                  },
                },
              ],
            },
          },
        },
      },
    ];
  });
  return documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join("---\n");
}

/** No two agents on one node: they would share its processors and its clock's interrupts. */
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app: "wsrally-agent" } }, topologyKey: "kubernetes.io/hostname" },
    ],
  },
};
