/**
 * A network namespace of our own (network_namespaces(7)): interfaces, addresses, ports and rules that nobody else on the
 * machine has a part in. It is gone with the last process in it.
 */
import { closeSync, openSync } from "node:fs";
import { checked } from "./errno.js";
import { libc } from "./libc.js";

const CLONE_NEWNET = 0x4000_0000;

export interface OwnNetwork {
  /** The calling thread is back where it was; what was started meanwhile stays inside. */
  leave(): void;
}

/**
 * The calling thread goes into a new one, with no interface up: its sockets from now on, and the threads and processes
 * that it starts, are in there.
 * @throws SystemCallError: EPERM without CAP_SYS_ADMIN, here as in the user namespace that has the present network, for
 * nobody else may come back
 */
export function enterOwnNetwork(): OwnNetwork {
  const outside = openSync("/proc/thread-self/ns/net", "r");
  try {
    // It leads to where the thread is, and says whether it may come back there.
    checked("setns", libc().setns(outside, CLONE_NEWNET));
    checked("unshare", libc().unshare(CLONE_NEWNET));
  } catch (thrown) {
    closeSync(outside);
    throw thrown;
  }
  return {
    leave() {
      checked("setns", libc().setns(outside, CLONE_NEWNET));
      closeSync(outside);
    },
  };
}
