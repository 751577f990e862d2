/**
 * fast-check, as all property tests use it: with one seed, which `tools/run-tests.js` takes from the commit and prints. Whoever
 * builds the commit again sees the same cases, and a change of something else does not fail by chance.
 */
import fc from "fast-check";

const seed = Number(process.env.WSRALLY_SEED ?? 1);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

export { fc };
