/**
 * Which streams this end has reset: what the peer sent on them before it knew is no fault (RFC 9113, 5.1). The latest are
 * remembered one by one; with older ones every stream below is forgiven.
 */
const rememberedMost = 1000;

export class OwnResets {
  /** The oldest first. */
  readonly #ids = new Set<number>();
  #forgivenUpTo = 0;

  add(id: number): void {
    this.#ids.add(id);
    if (this.#ids.size <= rememberedMost) return;
    const [oldest = 0] = this.#ids;
    this.#ids.delete(oldest);
    this.#forgivenUpTo = Math.max(this.#forgivenUpTo, oldest);
  }

  has(id: number): boolean {
    return id <= this.#forgivenUpTo || this.#ids.has(id);
  }
}
