/**
 * Counts connections by what TLS agreed on.
 */
import type { TlsAgreement } from "./engine.js";
import type { TlsCount } from "./thread-counts.js";

export class TlsTally {
  readonly #counts = new Map<string, TlsCount>();

  add({ version, cipher, isResumed }: TlsAgreement): void {
    this.addAll([{ version, cipher, connections: 1, resumed: isResumed ? 1 : 0 }]);
  }

  addAll(counts: readonly TlsCount[]): void {
    for (const { version, cipher, connections, resumed } of counts) {
      const key = `${version} ${cipher}`;
      const before = this.#counts.get(key) ?? { connections: 0, resumed: 0 };
      this.#counts.set(key, {
        version,
        cipher,
        connections: before.connections + connections,
        resumed: before.resumed + resumed,
      });
    }
  }

  list(): TlsCount[] {
    return [...this.#counts.values()];
  }
}
