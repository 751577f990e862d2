/** What a comparison of arms from the command line is called, so that its history is of those arms and of no others. */
import { createHash } from "node:crypto";

/** Longer names are told apart by a few digits of their digest. */
const longest = 48;
const digits = 6;

/** `nginx-old-vs-nginx-new`, as a file may be called. */
export function comparisonName(arms: readonly { readonly name: string }[]): string {
  const whole = arms.map(({ name }) => name).join("-vs-");
  const name = whole.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  if (name === whole && name.length <= longest) return name;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, digits);
  return `${name.slice(0, longest - digits - 1)}-${digest}`.replace(/^-/, "");
}
