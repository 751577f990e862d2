/**
 * How the Apache of a private folder is started, as a parent with its children, and by what it is known to be ready.
 */
import { join } from "node:path";
import { proxyEnvironment } from "../../instance/launch.js";
import { reloadBySignal } from "../../instance/reload-instance.js";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { isShown, processTree } from "../../process-family.js";
import { type ApacheInstance, apacheArguments, originalWords, writeConfig } from "./apache-instance.js";
import { checkAsItStands, refusalOf } from "./check-config.js";
import { readApacheDiary, toldLines } from "./read-diary.js";
import { logFile } from "./template.js";
import { watchChildren } from "./watch-children.js";

const title = "Apache";
/** Written once its sockets are bound and its children are made, by each MPM under a number of its own. */
const loaded = /AH00489|AH00163|AH00292/;
/** At a reload: it goes on as it was. */
const refused = /AH00526|Syntax error on line/;

export function apacheStart(instance: ApacheInstance): StartSpec {
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => toldLines(lines()).map((line) => originalWords(instance, line));
  const count = (pattern: RegExp): number => lines().filter((line) => pattern.test(line)).length;
  const loads = (): number => count(loaded);
  const isUp = (pid: number): boolean => loads() > 0 && (!isShown(pid) || processTree(pid).length > 1);
  const children = watchChildren();
  const trouble = (): string | null => {
    const words = refusalOf(lines().join("\n"));
    return words === null ? null : originalWords(instance, words);
  };
  return {
    ...{ title, log, trouble },
    isUp(pid) {
      const isReady = isUp(pid);
      if (isReady) children.note(pid);
      return isReady;
    },
    outputFile: logFile,
    arguments: ["-D", "FOREGROUND", ...apacheArguments(instance)],
    environment: proxyEnvironment(),
    configure: (listenPorts, backend) => writeConfig({ ...instance, backend }, listenPorts),
    async write(listenPorts) {
      children.reset();
      await writeConfig(instance, listenPorts);
    },
    portTaken: /address already in use/i,
    // After a reload children end as they should, and with a user's own numbers whenever few are needed.
    diary: () => readApacheDiary([...log(), ...(instance.isBuiltIn && loads() === 1 ? children.lost() : [])]),
    // Graceful: the old children keep their WebSockets, and new ones serve.
    async reload(pid) {
      await checkAsItStands(instance);
      const refusals = (): number => count(refused);
      await reloadBySignal({ title, isUp, trouble, loads, refusals, signal: "SIGUSR1" }, pid);
    },
  };
}
