/** As much of a proxy's log as one answer carries; it is counted whole. */
import type { ProxyDiary } from "../proxy/proxy-diary.js";

/** With the rest of the diary well below what a NATS server takes (1 MB). */
const mostCharacters = 400 * 1024;

export function shortDiary(diary: ProxyDiary): ProxyDiary {
  let left = mostCharacters;
  const lines = diary.lines.filter((line) => {
    left -= line.length;
    return left >= 0;
  });
  return { ...diary, lines };
}
