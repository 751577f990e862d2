/**
 * What starts a cluster's agents: lines for ssh, a file for Docker Compose, one for Kubernetes. No secret is on a command
 * line, where every user of a host could read it.
 */
import { stringify } from "yaml";
import { toolVersion } from "../base/tool-version.js";
import type { AgentRole } from "./agent-role.js";
import type { ClusterPlan, PlannedAgent } from "./cluster-plan.js";

function agentWords(
  { server, port }: ClusterPlan,
  { role }: Pick<PlannedAgent, "role">,
  credsFile: string,
  address: string,
): string[] {
  return [
    "agent",
    ...["--nats", `tls://${server}:${port}`],
    ...["--creds", credsFile],
    ...["--role", role],
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

/** Everything of a role's agents has this name. */
function nameOf(role: AgentRole): string {
  return `wsrally-${role}`;
}

const app = "wsrally-agent";
const serviceName = "wsrally-agents";

/**
 * An Indexed Job a role, each pod on a node of its own and with a name by the headless Service; the NATS server stays where it is.
 * A pod sees its own key alone, by its index: what an agent is called comes with the key.
 */
export function kubernetesText(
  plan: ClusterPlan,
  agents: readonly (PlannedAgent & { readonly creds: string })[],
): string {
  const roles = [...new Set(agents.map(({ role }) => role))];
  const documents = [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: serviceName, labels: { app } },
      // Agents are to be found before a run has their ports, which it chooses.
      spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: { app } },
    },
    ...roles.flatMap((role) =>
      roleDocuments(
        plan,
        role,
        agents.filter((agent) => agent.role === role),
      ),
    ),
  ];
  return documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join("---\n");
}

function roleDocuments(
  plan: ClusterPlan,
  role: AgentRole,
  agents: readonly { readonly creds: string }[],
): object[] {
  const labels = { app, role };
  const metadata = { name: nameOf(role), labels };
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      stringData: Object.fromEntries(agents.map(({ creds }, index) => [String(index), creds])),
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata,
      spec: {
        completionMode: "Indexed",
        completions: agents.length,
        parallelism: agents.length,
        // One that fails is started again, and ends none of the others.
        backoffLimitPerIndex: 6,
        template: { metadata: { labels }, spec: podSpec(plan, role) },
      },
    },
  ];
}

function podSpec(plan: ClusterPlan, role: AgentRole): object {
  const keyFile = "/var/run/wsrally/creds";
  return {
    restartPolicy: "Never",
    subdomain: serviceName,
    automountServiceAccountToken: false,
    affinity: apart,
    volumes: [{ name: "creds", secret: { secretName: nameOf(role) } }],
    containers: [
      {
        name: "agent",
        image: plan.image,
        args: agentWords(plan, { role }, keyFile, "$(POD_IP)"),
        env: [
          { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          {
            name: indexVariable,
            valueFrom: {
              fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" },
            },
          },
        ],
        volumeMounts: [
          { name: "creds", mountPath: keyFile, subPathExpr: `$(${indexVariable})`, readOnly: true },
        ],
        resources: { requests: { cpu: "2", memory: "512Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          runAsNonRoot: true,
          runAsUser: 1000,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  };
}

/** As Kubernetes calls it; named here too, for what a mount is made of has to be told. */
const indexVariable = "JOB_COMPLETION_INDEX";

/** No two agents on one node: they would share its processors and its clock's interrupts. */
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app } }, topologyKey: "kubernetes.io/hostname" },
    ],
  },
};
