/**
 * The first message of a connection that replays a session: it tells wsrally's backend which, and from where on, so that both
 * ends go through the same. `wsrally-replay:`, the session and the turn, six digits each, `:` between them.
 */
const pattern = /^wsrally-replay:(\d{6}):(\d{6})$/;
const length = "wsrally-replay:".length + 13;

interface ReplayOpening {
  readonly session: number;
  /** The first message of the client will be the one of this turn. */
  readonly turn: number;
}

export function writeReplayOpening({ session, turn }: ReplayOpening): Buffer {
  const digits = (value: number): string => String(value).padStart(6, "0");
  return Buffer.from(`wsrally-replay:${digits(session)}:${digits(turn)}`, "latin1");
}

/** @returns null for another message */
export function readReplayOpening(data: Buffer, start: number, end: number): ReplayOpening | null {
  if (end - start !== length) return null;
  const [, session, turn] = pattern.exec(data.toString("latin1", start, end)) ?? [];
  return session === undefined ? null : { session: Number(session), turn: Number(turn) };
}
