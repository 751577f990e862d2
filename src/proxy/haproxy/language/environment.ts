/**
 * Variables that a config may ask for: those of its own global section, HAProxy's own, and the environment's where it
 * may be asked.
 */
import { basename } from "node:path";
import type { ConfigLine } from "./config-tree.js";
import type { ReadVariable } from "./words.js";

export interface ConfigEnvironment {
  readonly read: ReadVariable;
  /** Takes a line of the global section in: `setenv`, `presetenv`, `unsetenv`, `resetenv`. */
  follow(line: ConfigLine): void;
  /** Those that were read from outside and are to be handed on. */
  asked(): ReadonlyMap<string, string>;
}

/** HAProxy's own, of which a config can hardly want more than that they are set. */
const httpLogFormat =
  "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

/** @param outside the environment of the user, or nothing where the config is a stranger's */
export function createEnvironment(
  outside: NodeJS.ProcessEnv,
  files: readonly string[],
  version: string,
): ConfigEnvironment {
  const own = new Map<string, string | null>([
    ["HAPROXY_CFGFILES", files.map((file) => basename(file)).join(";")],
    ["HAPROXY_MWORKER", "1"],
    ["HAPROXY_LOCALPEER", "wsrally"],
    ["HAPROXY_HTTP_LOG_FMT", httpLogFormat],
    ["HAPROXY_HTTPS_LOG_FMT", httpLogFormat],
    ["HAPROXY_TCP_LOG_FMT", "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq"],
    ["HAPROXY_BRANCH", version.split(".").slice(0, 2).join(".")],
  ]);
  const asked = new Map<string, string>();
  let isReset = false;
  const read = (name: string): string | null => {
    const set = own.get(name);
    if (set !== undefined) return set;
    const given = isReset ? undefined : outside[name];
    if (given === undefined) return null;
    asked.set(name, given);
    return given;
  };
  return {
    read,
    asked: () => asked,
    follow({ name, args }) {
      const [variable = "", value = ""] = args;
      if (name === "setenv") own.set(variable, value);
      else if (name === "presetenv" && read(variable) === null) own.set(variable, value);
      else if (name === "unsetenv") for (const one of args) own.set(one, null);
      else if (name === "resetenv") {
        isReset = true;
        for (const one of args) if (outside[one] !== undefined) own.set(one, outside[one]);
      }
    },
  };
}
