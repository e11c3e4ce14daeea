/** One factor of a formula: a sum of inputs, to some power. */
export interface Factor {
  /** [I] */
  readonly weights: Float64Array;
  readonly exponent: number;
}

/** y = Π_j (Σ_i w_ji x_i) ^ p_j: a sum is a formula of one factor with the exponent 1. */
export type Formula = readonly Factor[];

/** |z| ^ p, with the sign of z where the whole exponent next to p is odd: a power that keeps its sign as p is moved a little. */
export const signedPower = (z: number, p: number): number => {
  const size = Math.abs(z) ** p;
  return z < 0 && Math.abs(Math.round(p)) % 2 === 1 ? -size : size;
};

/**
 * What a formula gives for each of N samples.
 * @param x [I, N], an input's values together @returns [N]
 */
export function evaluateFormula(formula: Formula, x: Float64Array, N: number): Float64Array {
  const y = new Float64Array(N).fill(1);
  for (const { weights, exponent } of formula) {
    const z = weightedSums(weights, x, N);
    for (let n = 0; n < N; n += 1) y[n]! *= signedPower(z[n]!, exponent);
  }
  return y;
}

/** Σ_i w_i x_i at each sample. @param x [I, N] @returns [N] */
export function weightedSums(weights: Float64Array, x: Float64Array, N: number): Float64Array {
  const z = new Float64Array(N);
  for (let i = 0; i < weights.length; i += 1) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    for (let n = 0; n < N; n += 1) z[n]! += weight * x[i * N + n]!;
  }
  return z;
}

/** Writes a formula as people do: `Σ x[3..27] ÷ Σ x[16..40]`, `(x[0] − x[4])²`, `√(Σ x[3..27])`, `1 ÷ x[2]`. */
export function writeFormula(formula: Formula, input = 'x'): string {
  const above = formula.filter(({ exponent }) => exponent > 0);
  const below = formula.filter(({ exponent }) => exponent < 0);
  const dividend = above.map((factor) => writeFactor(factor, input, formula.length > 1));
  const divisors = below.map(({ weights, exponent }) =>
    writeFactor({ weights, exponent: -exponent }, input, true),
  );
  return [dividend.join(' × ') || '1', ...divisors].join(' ÷ ');
}

function writeFactor({ weights, exponent }: Factor, input: string, isAmongOthers: boolean): string {
  const terms = termsOf(weights, input);
  const sum = terms
    .map(({ sign, text }, i) =>
      i === 0 ? `${sign < 0 ? '−' : ''}${text}` : `${sign < 0 ? '−' : '+'} ${text}`,
    )
    .join(' ');
  const isPlain = terms.length === 1 && terms[0]!.sign > 0;
  if (exponent === 1) return isPlain || !isAmongOthers ? sum : `(${sum})`;
  const base = isPlain && !sum.includes(' ') && !sum.includes('·') ? sum : `(${sum})`;
  if (exponent === 0.5) return `√${base}`;
  return exponent === 2 ? `${base}²` : exponent === 3 ? `${base}³` : `${base}^${short(exponent)}`;
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** Runs of inputs with one whole weight are written as a range; where the weight is 2, the range is written twice. */
function termsOf(weights: Float64Array, input: string): { sign: number; text: string }[] {
  const terms: { sign: number; text: string }[] = [];
  const greatest = Math.max(...Array.from(weights, Math.abs));
  const isWhole = weights.every(Number.isInteger) && greatest <= 3;
  if (!isWhole) {
    for (const [i, weight] of weights.entries()) {
      if (short(weight) === '0' || short(weight) === '-0') continue;
      terms.push({
        sign: Math.sign(weight),
        text: `${short(Math.abs(weight))}·${input}[${i}]`,
      });
    }
  } else {
    for (let level = 1; level <= greatest; level += 1) {
      for (const sign of [1, -1]) {
        for (const [from, to] of runs(weights, (weight) => sign * weight >= level)) {
          const text = from === to ? `${input}[${from}]` : `Σ ${input}[${from}..${to}]`;
          terms.push({ sign, text });
        }
      }
    }
  }
  return terms.length ? terms : [{ sign: 1, text: '0' }];
}

/** The first and last places of each run of weights that hold. */
function runs(weights: Float64Array, holds: (weight: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  for (const [i, weight] of weights.entries()) {
    if (!holds(weight)) continue;
    const last = found.at(-1);
    if (last?.[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  }
  return found;
}
