/**
 * Network namespaces as hosts: a switch with a namespace on each of its ports, for the time of one test. Only root makes them.
 */
import { execFileSync } from "node:child_process";
import { unlessLacking } from "./lacking.js";
import type { Host } from "./with-cluster.js";

export const rootOnly = unlessLacking(process.getuid?.() === 0 ? null : "root, who makes network namespaces");

/** @param wanted so many, 10.77.0.1, 10.77.0.2 …; or their addresses, of one network of 256 */
export async function withHosts(
  wanted: number | readonly string[],
  use: (hosts: readonly Host[]) => Promise<void>,
): Promise<void> {
  const prefix = `wsr${process.pid}`;
  const bridge = `${prefix}b`;
  const hub = `${prefix}-hub`;
  const addresses =
    typeof wanted === "number"
      ? Array.from({ length: wanted }, (_, index) => `10.77.0.${index + 1}`)
      : wanted;
  const hosts = addresses.map((address, index) => ({
    name: `${prefix}-${index}`,
    device: `${prefix}v${index}`,
    address,
  }));
  try {
    // The switch has a namespace as well: nothing of it is seen outside.
    ip("netns", "add", hub);
    inside(hub, "link", "add", bridge, "type", "bridge");
    inside(hub, "link", "set", bridge, "up");
    for (const { name, device, address } of hosts) {
      ip("netns", "add", name);
      ip("link", "add", device, "netns", hub, "type", "veth", "peer", "name", "eth0", "netns", name);
      inside(hub, "link", "set", device, "master", bridge, "up");
      inside(name, "addr", "add", `${address}/24`, "dev", "eth0");
      inside(name, "link", "set", "eth0", "up");
      inside(name, "link", "set", "lo", "up");
    }
    await use(hosts.map(({ name, address }) => ({ address, through: ["ip", "netns", "exec", name] })));
  } finally {
    for (const name of [hub, ...hosts.map((host) => host.name)]) execFileSync("ip", ["netns", "del", name]);
  }
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words);
}

function inside(namespace: string, ...words: readonly string[]): void {
  ip("-netns", namespace, ...words);
}
