/** Where a session's frames go: a buffer that they are written into, in order, and that somebody sends. */
export interface Outlet {
  readonly bytes: Buffer;
  /** @returns where in `bytes` the connection's next frame may be written; at least 32 KiB are there in all */
  begin(connection: number, length: number): number;
  /** It is written, up to `end`. It may be sent at once; that the connection is broken is told later, not from here. */
  end(connection: number, end: number): void;
  /** Whether what is written now has to wait until the peer takes what was written before. */
  isBlocked(connection: number): boolean;
}
