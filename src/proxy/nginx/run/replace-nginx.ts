/**
 * A new nginx binary in the place of the running one, as https://nginx.org/en/docs/control.html has it: the old master starts
 * it by SIGUSR2 with its sockets, and is then asked by SIGQUIT to end when its clients have left.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import type { Replacement } from "../../instance/replaceable-instance.js";
import { pollMs, startLimitMs } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { processTree } from "../../process-family.js";
import { errorLogFile, type NginxInstance, originalWords, pidFile } from "./nginx-instance.js";

/**
 * nginx ignores the signal while the process that started it is there, so that one ends once nginx has said its pid, and
 * the shell above it stays until it is told to end, or nobody can tell it any more.
 */
const keeper = `
trap 'trap "" TERM; kill -TERM 0; exit' TERM
( "$@" & until [ -s ${pidFile} ] || ! kill -0 $! 2>/dev/null; do sleep 0.02; done )
while read -r _; do :; done
kill -TERM 0
`;

/** Of the one that was asked for another, and of the other. */
const refusesBinary = /changing binary signal is ignored|execve\(\) failed|\[emerg\]/;

export function nginxReplacement(instance: NginxInstance): Replacement {
  const linesOf = (file: string): string[] => readLogLines(join(instance.prefix, file));
  const master = (): number | null => Number(linesOf(pidFile)[0] ?? 0) || null;
  const refusals = (): string[] => linesOf(errorLogFile).filter((line) => refusesBinary.test(line));
  const isServed = (pid: number | null): pid is number => pid !== null && processTree(pid).length > 1;
  return {
    keeper,
    isReload: false,
    start: { isUp: () => isServed(master()) },
    async replace() {
      const old = master();
      if (old === null)
        throw new EnvironmentError("nginx has no pid file: there is nobody to take the place of");
      const refused = refusals().length;
      process.kill(old, "SIGUSR2");
      const deadline = performance.now() + startLimitMs;
      while (master() === old || !isServed(master())) {
        const words = refusals()[refused];
        if (words !== undefined)
          throw new EnvironmentError(`nginx starts no new binary: ${originalWords(instance, words)}`);
        if (performance.now() > deadline)
          throw new EnvironmentError(`nginx started no new binary within ${startLimitMs / 1000} s`);
        await sleep(pollMs);
      }
      process.kill(old, "SIGQUIT");
    },
  };
}
