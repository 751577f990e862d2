/** Addresses and ranges of them, as nginx's lists of clients take them. */
import { isIP } from "node:net";

/** Any other word nginx looks up as it stands, `name/8` too. */
export function isAddressOrRange(word: string): boolean {
  const [, address = "", bits] = /^([\d.]+|[\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(word) ?? [];
  const version = isIP(address);
  return word === "unix:" || (version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128));
}
