/**
 * Single values of YAML as Envoy reads them: yaml-cpp's booleans and numbers, whatever YAML 1.2 says (parseYamlNode in
 * Envoy's yaml_utility.cc; tried against 1.36 and 1.40).
 */

const trueWords = /^(?:y|yes|true|on)$/;
const falseWords = /^(?:n|no|false|off)$/;

/** @param plain a value without quotes; in quotes it is the text that it is, unless a tag says otherwise */
export function plainScalar(plain: string): string | number | boolean | null {
  if (/^(?:~|null|Null|NULL|)$/.test(plain)) return null;
  const truth = truthOf(plain);
  if (truth !== null) return truth;
  const number = wholeNumber(plain);
  if (number === null) return plain;
  // Beyond 32 bits it goes on as a text, which a field of 64 bits takes.
  return number >= -(2n ** 31n) && number < 2n ** 31n ? Number(number) : String(number);
}

/** All small, all capitals, or a capital first. */
function truthOf(word: string): boolean | null {
  const small = word.toLowerCase();
  const isFlexible = word === small || word === word.toUpperCase() || word.slice(1) === small.slice(1);
  if (!isFlexible) return null;
  return trueWords.test(small) ? true : falseWords.test(small) ? false : null;
}

/** As a C++ stream reads it: `0x1F` in hexadecimal, `017` in octal. */
function wholeNumber(word: string): bigint | null {
  const [, sign = "", digits = ""] = /^([+-]?)(\d\w*)$/.exec(word) ?? [];
  const value = /^0x[\da-f]+$/i.test(digits)
    ? BigInt(digits)
    : /^0[0-7]*$/.test(digits)
      ? BigInt(`0o${digits}`)
      : /^[1-9]\d*$/.test(digits)
        ? BigInt(digits)
        : null;
  if (value === null || value >= 2n ** 63n) return null;
  return sign === "-" ? -value : value;
}
