/** Where a session's frames go: a buffer that they are written into, in order, and that somebody sends. */
export interface Outlet {
  readonly bytes: Buffer;
  /** @returns where in `bytes` the connection's next frame may be written; at least 32 KiB are there in all */
  begin(connection: number, length: number): number;
  /** It is written, up to `end`. It may be sent at once, and the connection be over when this returns. */
  end(connection: number, end: number): void;
}
