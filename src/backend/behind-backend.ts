/**
 * The backend at the addresses that somebody else's proxy points to: started there, or found running.
 */

import { EnvironmentError, messageOf } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import type { RecordedTraffic } from "../scenario/replay/session.js";
import { joinedBackends } from "./backend-group.js";
import { type Backend, startBackendProcess } from "./backend-process.js";
import { findRunningBackend, type ListenAddress } from "./running-backend.js";

interface BehindWish {
  readonly addresses: readonly ListenAddress[];
  readonly token: string;
  /** Whether the user gave the token, and so may have given it to a backend that runs there. */
  readonly mayRun: boolean;
  readonly deflate: boolean;
  readonly replay: RecordedTraffic | null;
  readonly stamps: boolean;
  readonly rooms: boolean;
}

/** @throws EnvironmentError naming the address that nobody can listen on */
export async function startBehindBackend(guard: ProcessGuard, wish: BehindWish): Promise<Backend> {
  const members: Backend[] = [];
  try {
    for (const address of wish.addresses) members.push(await backendAt(guard, address, wish));
    return joinedBackends(members);
  } catch (thrown) {
    await Promise.all(members.map((member) => member.stop()));
    throw thrown;
  }
}

async function backendAt(
  guard: ProcessGuard,
  { host, port }: ListenAddress,
  { token, mayRun, deflate, stamps, replay, rooms }: BehindWish,
): Promise<Backend> {
  const running = mayRun ? await findRunningBackend({ host, port }, token) : null;
  if (running !== null) return running;
  try {
    const serving = { path: null, once: false, deflate, stamps, replay, rooms };
    return await startBackendProcess(guard, { host, port, ...serving, token });
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    const cure = mayRun
      ? "and no wsrally backend with this token answers there"
      : "a wsrally backend that runs there is used with the same --token on both";
    throw new EnvironmentError(`${messageOf(thrown)}; ${cure}`);
  }
}
