/** The connections that there are, by their descriptors, which the kernel gives from the lowest up. */
import type { Connection } from "./connection.js";

export class Connections {
  readonly #byFd: (Connection | undefined)[] = [];
  #turn = -1;

  /** Undefined also for a descriptor that is something else. */
  at(fd: number): Connection | undefined {
    return this.#byFd[fd];
  }

  add(connection: Connection): void {
    // A hole at the array's end would turn it into a slow dictionary.
    while (this.#byFd.length <= connection.fd) this.#byFd.push(undefined);
    this.#byFd[connection.fd] = connection;
  }

  /** Goes round all that are open and the run's own, from the first; undefined when none is. */
  nextOpen(): Connection | undefined {
    for (let left = this.#byFd.length; left > 0; left--) {
      this.#turn = (this.#turn + 1) % this.#byFd.length;
      const connection = this.#byFd[this.#turn];
      if (connection?.phase === "open" && !connection.isOthers) return connection;
    }
    return undefined;
  }

  remove({ fd }: Connection): void {
    this.#byFd[fd] = undefined;
  }

  list(): readonly Connection[] {
    return this.#byFd.filter((connection) => connection !== undefined);
  }
}
