/** The connections that there are, by their descriptors, which the kernel gives from the lowest up. */
import type { Connection } from "./connection.js";

export class Connections {
  readonly #byFd: (Connection | undefined)[] = [];

  /** Undefined also for a descriptor that is something else. */
  at(fd: number): Connection | undefined {
    return this.#byFd[fd];
  }

  add(connection: Connection): void {
    // A hole at the array's end would turn it into a slow dictionary.
    while (this.#byFd.length <= connection.fd) this.#byFd.push(undefined);
    this.#byFd[connection.fd] = connection;
  }

  remove({ fd }: Connection): void {
    this.#byFd[fd] = undefined;
  }

  list(): readonly Connection[] {
    return this.#byFd.filter((connection) => connection !== undefined);
  }
}
