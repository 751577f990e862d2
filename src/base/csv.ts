/** Reads CSV (RFC 4180): quotes, doubled quotes and line breaks within them, either end of line. Pure. */

/** @returns the records; an empty line is none. null where a quote is never closed, or stands within a bare field */
export function parseCsv(text: string): string[][] | null {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const source = text.replace(/^\uFEFF/, "");
  while (field.lastIndex < source.length || record.length > 0) {
    const match = field.exec(source);
    if (match === null) return null;
    const [, quoted, bare = "", end] = match;
    record.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (record.length > 1 || quoted !== undefined || bare !== "") records.push(record);
    record = [];
    if (end === "") break;
  }
  return records;
}
