/** Headers and cookies as people type them: `Name: value` and `name=value`. Pure. */

/** A header's or a cookie's. */
export interface NamedText {
  readonly name: string;
  readonly value: string;
}

/** A token and a value in ASCII (RFC 9110, 5.1 and 5.5). @returns null for a text that is no header */
export function readHeaderText(text: string): NamedText | null {
  const [, name, value] =
    /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([!-~](?:[ -~]*[!-~])?)[ \t]*$/.exec(text) ?? [];
  return name === undefined || value === undefined ? null : { name, value };
}

/** RFC 6265, 4.1.1, but for the characters that servers take though they should not. @returns null for what is no cookie */
export function readCookieText(text: string): NamedText | null {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([!-:<-~]*)$/.exec(text) ?? [];
  return name === undefined || value === undefined ? null : { name, value };
}
