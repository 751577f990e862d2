/**
 * Settings of the kernel's that each network namespace has for itself, and a new one does not take over.
 */
import { readFileSync, writeFileSync } from "node:fs";

/** By their files below /proc/sys, with their texts. */
export type KernelSettings = Readonly<Record<string, string>>;

/** What a machine's owner may have set, and a new network namespace does not take over. */
const settingNames = [
  "net/core/somaxconn",
  "net/ipv4/ip_local_port_range",
  "net/ipv4/ip_unprivileged_port_start",
  "net/ipv4/tcp_fin_timeout",
  "net/ipv4/tcp_keepalive_intvl",
  "net/ipv4/tcp_keepalive_probes",
  "net/ipv4/tcp_keepalive_time",
  "net/ipv4/tcp_max_syn_backlog",
  "net/ipv4/tcp_retries2",
];

/** As this thread's network namespace has them. */
export function readKernelSettings(): KernelSettings {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      try {
        return [[name, readFileSync(`/proc/sys/${name}`, "latin1").trim()]];
      } catch {
        // This kernel has no such thing.
        return [];
      }
    }),
  );
}

/**
 * Sets those that this kernel lets the namespace have its own of. For a process that was started inside: the file is that of
 * whichever thread writes.
 */
export function applyKernelSettings(settings: KernelSettings): void {
  for (const [name, text] of Object.entries(settings)) {
    try {
      writeFileSync(`/proc/sys/${name}`, text);
    } catch {
      // The namespace keeps the kernel's own.
    }
  }
}
