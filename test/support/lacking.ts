/**
 * What tests take that a machine may lack: a shell, namespaces, io_uring. They are skipped there, with the reason; in CI, which is
 * set up to have it all (`.ci/run`), they fail.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";

/**
 * For `describe` and `it`.
 * @param lacks in words; null where there is nothing in the way
 * @throws AssertionError in CI, for what is lacking
 */
export function unlessLacking(lacks: string | null): { readonly skip: string | false } {
  if (lacks === null) return { skip: false };
  failInCi(lacks);
  return { skip: lacks };
}

/**
 * For a test that finds out only when it runs; it has to return then.
 * @throws AssertionError in CI
 */
export function skipLacking(test: TestContext, lacks: string): void {
  failInCi(lacks);
  test.skip(lacks);
}

function failInCi(lacks: string): void {
  if (process.env.CI) assert.fail(`CI has to have what this test takes: ${lacks}`);
}
