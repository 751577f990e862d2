/** What wsrally has for Kubernetes: the files of deploy/kubernetes, and what `wsrally cluster init` writes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeClusterFiles } from "#wsrally/cluster/cluster-files.js";

const folder = "deploy/kubernetes";

/** Of a cluster of an agent that makes load and one that runs proxies. */
export async function kubernetesTexts(): Promise<{ readonly name: string; readonly text: string }[]> {
  const agents = (["load", "proxy"] as const).map((role) => ({ name: `${role}-1`, role, host: "10.0.0.11" }));
  const plan = { server: "10.0.0.1", port: 4222, agents, image: "wsrally" };
  const files = await makeClusterFiles(plan);
  return [
    ...readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })),
    ...files.filter(({ name }) => name === "kubernetes.yaml"),
  ];
}
