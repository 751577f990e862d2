/**
 * What holds for `--set name=value` on the built-in config of every kind of proxy.
 */
import { UsageError } from "../base/errors.js";
import { nameColumns } from "../base/name-columns.js";
import { nearestName } from "../base/nearest-name.js";

/** @param title as sentences call the proxy @param kind as an arm does, of one that runs users' own configs */
export function unknownSetting(
  name: string,
  {
    title,
    kind = null,
    names,
  }: { readonly title: string; readonly kind?: string | null; readonly names: readonly string[] },
): UsageError {
  // The last word of a name may be all that was given of it.
  const near = nearestName(name, names) ?? names.find((known) => known.endsWith(` ${name}`)) ?? null;
  const what = `Cannot set ${name} on the built-in ${title} config`;
  if (near !== null) return new UsageError(`${what}. Did you mean ${near}?`);
  const own = kind === null ? "Can be set" : `A config of your own (${kind}:FILE) takes anything, this one`;
  return new UsageError(`${what}. ${own}:\n${nameColumns([...names].sort())}`);
}

/** @throws UsageError for what is neither on nor off */
export function switchValue(name: string, value: string): boolean {
  if (value === "on" || value === "off") return value === "on";
  throw new UsageError(`Cannot set ${name}=${value}: want on or off`);
}

/**
 * A value stays one.
 * @param unsafe characters that would end it, in this proxy's language
 * @throws UsageError for nothing, and for a value with one of them
 */
export function refuseUnsafe(name: string, value: string, unsafe: string): void {
  if (value.trim() === "") throw new UsageError(`Cannot set ${name} to nothing: want --set '${name}=VALUE'`);
  const bad = [...value].find(
    (character) => unsafe.includes(character) || character < " " || character === "\x7f",
  );
  if (bad !== undefined) {
    throw new UsageError(
      `Cannot set ${name}=${JSON.stringify(value)}: ${JSON.stringify(bad)} cannot stand in a value`,
    );
  }
}
