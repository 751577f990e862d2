/** Numbers as short as the page's data needs them. */

/** Five digits: more than a histogram has, and than any text shows. */
export function sharp<Value extends number | null>(value: Value): Value {
  return value === null ? value : (Number(value.toPrecision(5)) as Value);
}
