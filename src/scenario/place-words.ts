/**
 * Where in a scenario something stands, as people count: `arms[2].set` is of the second arm.
 */
export function placeWords(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step + 1}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}
