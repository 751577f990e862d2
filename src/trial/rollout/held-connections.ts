/**
 * Who still holds its end of a connection from an address, by the kernel's tables (proc_net_tcp in its
 * Documentation/networking/proc_net_tcp.rst): a socket that no process holds any more has no inode.
 */
import { readFileSync } from "node:fs";

const tables = ["/proc/net/tcp", "/proc/net/tcp6"];

/** Of this network namespace. @param from IPv4: where the other end seems to be */
export function heldFrom(from: string, near: string): number {
  return tables.reduce((sum, file) => sum + countHeld(readTable(file), from, near), 0);
}

/** @param near whose end of a connection is not meant */
export function countHeld(table: string, from: string, near: string): number {
  const [remote, own] = [hexOf(from), hexOf(near)];
  return table.split("\n").filter((row) => {
    const [, local, peer, , , , , , , inode] = row.trim().split(/\s+/);
    return inode !== undefined && inode !== "0" && addressOf(peer) === remote && addressOf(local) !== own;
  }).length;
}

/** An address within IPv6 has the IPv4 one at its end. */
function addressOf(field: string | undefined): string {
  return (field ?? "").split(":", 1)[0]?.slice(-8) ?? "";
}

/** In the order of the processor's bytes, which is from the last to the first on all that are known here. */
function hexOf(address: string): string {
  return address
    .split(".")
    .reverse()
    .map((part) => Number(part).toString(16).padStart(2, "0").toUpperCase())
    .join("");
}

function readTable(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // A kernel without IPv6.
    return "";
  }
}
