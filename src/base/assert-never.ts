/** Fails the build when a union's case is left out, and the run when a value slips past the types. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}
