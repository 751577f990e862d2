/**
 * Variables that a Caddyfile asks for: `{$NAME}` and `{$NAME:default}` are replaced before anything is read, wherever they
 * stand; `{env.NAME}` is asked for when a request comes.
 */

export interface ConfigEnvironment {
  /** Replaces what is written for a variable by its value. A line that grows counts as one. */
  fill(text: string): string;
  /** Those that a running config may ask for, as far as they are set. */
  asked(): ReadonlyMap<string, string>;
}

const before = /\{\$([^:}\s]+)(?::([^}\n]*))?\}/g;
const later = /\{env\.([^}\s]+)\}/g;

/** @param outside the environment of the user, or nothing where the config is a stranger's */
export function createEnvironment(outside: NodeJS.ProcessEnv): ConfigEnvironment {
  const asked = new Map<string, string>();
  return {
    fill(text) {
      for (const [, name = ""] of text.matchAll(later)) {
        const value = outside[name];
        if (value !== undefined) asked.set(name, value);
      }
      return text.replace(before, (_, name: string, fallback: string | undefined) => {
        const value = outside[name];
        return value === undefined || value === "" ? (fallback ?? "") : value;
      });
    },
    asked: () => asked,
  };
}
