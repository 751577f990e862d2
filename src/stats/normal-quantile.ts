/**
 * Quantiles of the standard normal distribution, by Wichura's PPND16 (Algorithm AS 241, Applied Statistics 37,
 * 1988): rational functions on three ranges, good to about 1e-15 without an erfc or an iteration. The
 * coefficients are his, rounded to doubles.
 */

/** A polynomial's coefficients, constant term first. */
type Coefficients = readonly number[];

interface Rational {
  readonly numerator: Coefficients;
  readonly denominator: Coefficients;
}

const central: Rational = {
  numerator: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  denominator: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};

const tail: Rational = {
  numerator: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  denominator: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};

const farTail: Rational = {
  numerator: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  denominator: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/**
 * The z with `P(Z ≤ z) = probability`.
 *
 * @throws RangeError unless 0 < probability < 1
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`Cannot take the normal quantile of "${probability}": it must be in (0, 1)`);
  }
  const offset = probability - 0.5;
  if (Math.abs(offset) <= 0.425) return offset * evaluate(central, 0.180625 - offset * offset);
  const distance = Math.sqrt(-Math.log(Math.min(probability, 1 - probability)));
  const size = distance <= 5 ? evaluate(tail, distance - 1.6) : evaluate(farTail, distance - 5);
  return offset < 0 ? -size : size;
}

function evaluate({ numerator, denominator }: Rational, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

/** Horner's scheme. */
function polynomial(coefficients: Coefficients, x: number): number {
  return coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0);
}
