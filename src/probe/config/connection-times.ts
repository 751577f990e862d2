/**
 * What a config says of how long connections are kept: foretold, for nobody waits for an hour.
 */
import { secondsOf, topLevelWord } from "./config-times.js";
import { type ConfigView, parseConfigTree, viewConfig } from "./config-view.js";

export interface ConnectionTimes {
  /** After so many seconds of silence a WebSocket is closed. */
  readonly idleS: number | null;
  /** So long old workers wait for open WebSockets after a reload; null: until the last one ends. */
  readonly shutdownS: number | null;
}

/** nginx's default proxy_read_timeout. */
const defaultIdleS = 60;

/** @param configText a config as it runs */
export function connectionTimes(configText: string, path: string): ConnectionTimes {
  const view: ConfigView = viewConfig(parseConfigTree(configText), path);
  const [written] = view.effective("proxy_read_timeout");
  const idle = written?.args[0];
  const shutdown = topLevelWord(view, "worker_shutdown_timeout");
  return {
    idleS: idle === undefined ? defaultIdleS : secondsOf(idle),
    // 0 is nginx's word for no limit.
    shutdownS: shutdown === null ? null : secondsOf(shutdown) || null,
  };
}
