/**
 * A proxy that another is to take the place of, with its clients still there: started by a name of its program that can be
 * given to another program, and, where its processes do not stay with who started them, below a shell that does.
 */
import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedProxy, ReplaceableStart } from "../proxy.js";
import type { ProxyInstance } from "./proxy-instance.js";
import { type StartSpec, startInstance } from "./start-instance.js";

/** What every kind of proxy does in its own way. */
export interface Replacement extends Pick<ReplaceableStart, "isReload"> {
  /**
   * A shell's script that starts the proxy, `"$@"`, lives as long as any of its processes is to, and ends all of its group on
   * SIGTERM; null where the proxy's own main process stays.
   */
  readonly keeper: string | null;
  /** What is different from its usual start. */
  readonly start: Partial<StartSpec>;
  /** Resolves when new clients are served by another. @throws EnvironmentError when none takes its place */
  replace(pid: number, tell: (line: string) => void): Promise<void>;
}

const linkName = "program";
/** Of a program to go over to, where the proxy's user cannot reach it. */
const otherFolder = "other-program";

export function replaceableOf(
  instance: ProxyInstance,
  spec: StartSpec,
  options: Parameters<typeof startInstance>[2],
  { keeper, start, replace, isReload }: Replacement,
): Pick<PreparedProxy, "replaceable"> {
  const { launch, prefix } = instance;
  const link = join(prefix, linkName);
  const shell = "/bin/sh";
  const command: typeof launch.command = (args) =>
    keeper === null
      ? launch.command(args, link)
      : launch.command(["-c", keeper, "wsrally-keep", link, ...args], shell);
  const linked = { ...instance, launch: { ...launch, command } };
  const replaceable: StartSpec = {
    ...spec,
    ...start,
    // A signal to the shell would not reach the proxy.
    reload: keeper === null ? spec.reload : null,
    hears: keeper !== null,
    isScattered: keeper !== null,
    async replace({ tell }, pid, program) {
      await pointTo(
        link,
        program === null ? launch.program : await launch.reachable(program, join(prefix, otherFolder)),
      );
      await replace(pid, tell);
    },
  };
  return {
    replaceable: {
      isReload,
      async start(signal) {
        await pointTo(link, launch.program);
        return startInstance(linked, replaceable, options, signal);
      },
    },
  };
}

/** In one step: what is started by the name meanwhile is the one or the other. */
async function pointTo(link: string, program: string): Promise<void> {
  await rm(`${link}.new`, { force: true });
  await symlink(program, `${link}.new`);
  await rename(`${link}.new`, link);
}
