/** The connections that there are, by their numbers: a socket's follows from its descriptor, which the kernel gives from the lowest up. */
import type { Connection } from "./connection.js";

export class Connections {
  /** Sockets have the even numbers, streams the odd ones. */
  readonly #all: (Connection | undefined)[] = [];
  readonly #freed: number[] = [];
  #nextOfStream = 1;
  #turn = -1;

  /** Undefined also for a number that nobody has. */
  at(number: number): Connection | undefined {
    return this.#all[number];
  }

  /** Undefined also for a descriptor that is something else. */
  ofSocket(fd: number): Connection | undefined {
    return this.#all[2 * fd];
  }

  /** @param create makes it with its number */
  addSocket(fd: number, create: (number: number) => Connection): Connection {
    return this.#add(create(2 * fd));
  }

  /** @param create makes it with its number */
  addStream(create: (number: number) => Connection): Connection {
    const freed = this.#freed.pop();
    if (freed !== undefined) return this.#add(create(freed));
    this.#nextOfStream += 2;
    return this.#add(create(this.#nextOfStream - 2));
  }

  /** Goes round all that are open and the run's own, from the first; undefined when none is. */
  nextOpen(): Connection | undefined {
    for (let left = this.#all.length; left > 0; left--) {
      this.#turn = (this.#turn + 1) % this.#all.length;
      const connection = this.#all[this.#turn];
      if (connection?.phase === "open" && !connection.isOthers) return connection;
    }
    return undefined;
  }

  remove({ number, carried }: Connection): void {
    this.#all[number] = undefined;
    if (carried !== null) this.#freed.push(number);
  }

  list(): readonly Connection[] {
    return this.#all.filter((connection) => connection !== undefined);
  }

  #add(connection: Connection): Connection {
    // A hole at the array's end would turn it into a slow dictionary.
    while (this.#all.length <= connection.number) this.#all.push(undefined);
    this.#all[connection.number] = connection;
    return connection;
  }
}
