/**
 * The bytes that editors put before a text to say how it is encoded. nginx takes them for the first word's beginning,
 * and what it then says cannot be seen.
 */
import { NginxRefusedError } from "../run/config-refused-error.js";

const byteOrderMark = "\uFEFF";
/** UTF-16's mark and its ASCII letters, read as UTF-8. */
const utf16 = /^\uFFFD\uFFFD.?\0/s;

/** @throws NginxRefusedError with nginx's words, in which the bytes are written out */
export function refuseForeignEncoding(text: string, file: string): void {
  if (text.startsWith(byteOrderMark)) {
    const [word = ""] = text.slice(1).match(/^[^\s;{]*/) ?? [];
    throw new NginxRefusedError(file, `unknown directive "\\xEF\\xBB\\xBF${word}" in ${file}:1`);
  }
  if (utf16.test(text)) throw new NginxRefusedError(file, `unknown directive "\\xFF\\xFE…" in ${file}:1`);
}
