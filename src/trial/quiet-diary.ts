/** What a proxy's log says of an arm's load, without the secrets of the user's own handshake: a debug log quotes every header. */
import { hiderOf } from "../load/secrets-of-target.js";
import type { ProxyDiary } from "../proxy/proxy-diary.js";
import type { SeenProxy } from "../proxy/seen-proxy.js";
import type { PreparedArm } from "./prepare-arms.js";

export async function quietDiary(
  { own }: Pick<PreparedArm, "own">,
  proxy: Pick<SeenProxy, "diary">,
): Promise<ProxyDiary> {
  const diary = await proxy.diary();
  if (own.path === null && own.fields.length === 0 && own.subprotocols.length === 0) return diary;
  const hide = hiderOf(own);
  return {
    ...diary,
    lines: diary.lines.map(hide),
    entries: diary.entries.map((entry) => {
      const example = hide(entry.example);
      // A message has other digits than its example, and a secret with digits is no longer found in it.
      const message = example === entry.example ? entry.message : withoutQuoted(entry.message);
      return { ...entry, message, example };
    }),
    deaths: diary.deaths.map(hide),
  };
}

/** What stands before the first thing that a line quotes. */
function withoutQuoted(message: string): string {
  return `${/^[^":=?/]*/.exec(message)?.[0] ?? ""}***`;
}
