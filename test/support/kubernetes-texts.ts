/** What wsrally has for Kubernetes: the files of deploy/kubernetes, and what `wsrally cluster init` writes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeClusterFiles } from "#wsrally/cluster/cluster-files.js";

const folder = "deploy/kubernetes";

/** Of a cluster of two agents that make load and one that runs proxies. */
export async function kubernetesTexts(): Promise<{ readonly name: string; readonly text: string }[]> {
  const host = "10.0.0.11";
  const agents = [
    { name: "load-1", role: "load", host },
    { name: "load-2", role: "load", host },
    { name: "proxy-1", role: "proxy", host },
  ] as const;
  const plan = { server: "10.0.0.1", port: 4222, agents, image: "wsrally" };
  const files = await makeClusterFiles(plan);
  return [
    ...readdirSync(folder)
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })),
    ...files.filter(({ name }) => name === "kubernetes.yaml"),
  ];
}
