/**
 * Header fields of HTTP/1 as they came: names in their case, in their order, doubles kept, bytes as Latin-1 characters
 * so that none is lost (RFC 9110, 5.5; RFC 9112, 5).
 */
export interface HeaderField {
  readonly name: string;
  /** Without the blanks around it. */
  readonly value: string;
}

/** RFC 9110, 5.6.2. */
const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Anything but control characters, of which only the tab may stand in a value (RFC 9110, 5.5). */
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;

export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

/** Whether this may be sent as a field's value: no line break, so nothing can be smuggled in behind it. */
export function isFieldValue(text: string): boolean {
  return valuePattern.test(text);
}

/**
 * @param lines the lines behind the first, without their ends
 * @returns null when a line is no field, a folded line too (RFC 9112, 5.2: to be refused)
 */
export function parseFields(lines: readonly string[]): readonly HeaderField[] | null {
  const fields: HeaderField[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    const value = trimBlanks(line.slice(colon + 1));
    // A blank before the colon fails here, as it must (RFC 9112, 5.1).
    if (!isToken(name) || !isFieldValue(value)) return null;
    fields.push({ name, value });
  }
  return fields;
}

/** The values of every field of this name, whatever its case. */
export function valuesOf(fields: readonly HeaderField[], name: string): readonly string[] {
  const values: string[] = [];
  for (const field of fields) if (isSameName(field.name, name)) values.push(field.value);
  return values;
}

/** Whether the comma-separated lists under this name hold a token (given in lower case), whatever its case (RFC 9110, 5.6.1). */
export function listHolds(fields: readonly HeaderField[], name: string, token: string): boolean {
  return valuesOf(fields, name).some(
    (value) => value === token || value.split(",").some((item) => trimBlanks(item).toLowerCase() === token),
  );
}

function isSameName(one: string, other: string): boolean {
  if (one === other) return true;
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}

/** `trim()` would take more than HTTP's blanks, the byte 0xa0 among them. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
