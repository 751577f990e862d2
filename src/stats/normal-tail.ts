/**
 * The upper tail of the standard normal distribution: near the middle by the series of Φ (Abramowitz & Stegun
 * 26.2.11), further out by Laplace's continued fraction (26.2.14), which keeps its digits however small the tail gets.
 */

/** Where the series still has its digits and the continued fraction already converges fast. */
const seriesReach = 2;
const fractionTerms = 200;

/** `P(Z > z)`. @throws RangeError when z is NaN */
export function normalTail(z: number): number {
  if (Number.isNaN(z)) throw new RangeError("Cannot take the normal tail of NaN: want a number");
  if (z < 0) return 1 - normalTail(-z);
  return z < seriesReach ? 0.5 - density(z) * series(z) : density(z) / fraction(z);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** `z + z³/3 + z⁵/(3·5) + …` */
function series(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > Number.EPSILON * sum; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** `z + 1/(z + 2/(z + 3/(z + …)))` */
function fraction(z: number): number {
  let value = z;
  for (let k = fractionTerms; k > 0; k--) value = z + k / value;
  return value;
}
