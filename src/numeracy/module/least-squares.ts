import { solvePositive } from '../../../agent/second-order/normal-equations.ts';

/** Damping as a share of the mean of the diagonal: enough to solve, too little to hold a weight where it was. */
const DAMPING = 1e-9;

/**
 * One second-order step of weights towards least squares, which is all it takes where the answer is linear in them: w + (XᵀX + λ)⁻¹ Xᵀ (y − X w).
 * @param x [N, I] row by row @param y [N]; rows with a value that is not finite are left out @param w [I]
 * @returns the next weights, [I]; null where the equations cannot be solved
 */
export function leastSquaresStep(
  x: Float64Array,
  y: Float64Array,
  w: Float64Array,
): Float64Array | null {
  const I = w.length;
  const gram = new Float64Array(I * I);
  const gradient = new Float64Array(I);
  for (let n = 0; n < y.length; n += 1) {
    const row = x.subarray(n * I, (n + 1) * I);
    const residual = y[n]! - row.reduce((sum, value, i) => sum + value * w[i]!, 0);
    if (!Number.isFinite(residual)) continue;
    for (let i = 0; i < I; i += 1) {
      gradient[i]! += row[i]! * residual;
      for (let j = 0; j <= i; j += 1) gram[i * I + j]! += row[i]! * row[j]!;
    }
  }
  let trace = 0;
  for (let i = 0; i < I; i += 1) trace += gram[i * I + i]!;
  for (let i = 0; i < I; i += 1) gram[i * I + i]! += (DAMPING * trace) / I;
  const step = solvePositive(gram, gradient);
  return step && w.map((weight, i) => weight + step[i]!);
}
