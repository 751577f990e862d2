/** A wait that a signal ends. */

/** What is waited for goes on without anybody who waits. @throws the signal's reason when it comes first */
export async function untilAborted<Value>(awaited: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([awaited, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    awaited.catch(() => undefined);
  }
}
