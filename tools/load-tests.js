/**
 * Loads test files into this process, one after the other, for `tools/run-tests.js`. A file that cannot be loaded fails by its
 * name, and the others run; so does a test that leaves the process other than it found it, by which it could spoil a later one.
 */
import assert from "node:assert/strict";
import { afterEach, it } from "node:test";

/** @param files absolute addresses */
export async function loadTests(files) {
  let found = processState();
  afterEach(() => {
    const left = processState();
    const names = [...new Set([...Object.keys(found), ...Object.keys(left)])];
    const changed = names.filter((name) => found[name] !== left[name]);
    found = left;
    assert.deepEqual(changed, [], "a test changed its process for those after it");
  });
  for (const file of files)
    await import(file).catch((error) => it(`${file} is loaded`, () => Promise.reject(error)));
}

/** Of the environment the names alone get into a log. */
function processState() {
  const environment = Object.entries(process.env).map(([name, value]) => [`environment ${name}`, value]);
  return { ...Object.fromEntries(environment), folder: process.cwd(), umask: process.umask() };
}
