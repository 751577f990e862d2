/**
 * The share of a corpus that is tried with a commit: by night all of it is. Which one is the seed's, as `tools/run-tests.js` takes it
 * from the commit and prints it, so that a few commits try every row and a failure can be repeated.
 */
export function dayShare<Row>(rows: readonly Row[], shares = 3): readonly Row[] {
  const seed = Math.abs(Number(process.env.WSRALLY_SEED ?? 1));
  return rows.filter((_, index) => index % shares === seed % shares);
}
