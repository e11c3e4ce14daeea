/** Samples whose Jacobian is held at once: with 200 parameters it stays in a core's cache. */
export const CHUNK = 128;

/**
 * Adds J Jᵀ to the lower triangle of `hessian`, where J holds a row of `count` samples for each of P parameters.
 * Rows are taken four by two, so that a number that is read serves several products.
 * @param jacobian [P, CHUNK] row by row @param hessian [P, P]
 */
export function addGram(jacobian: Float64Array, P: number, count: number, hessian: Float64Array) {
  let i = 0;
  for (; i + 4 <= P; i += 4) {
    for (let j = 0; j < i + 4; j += 2) addBlock(jacobian, P, count, hessian, i, j);
  }
  for (; i < P; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      for (let n = 0; n < count; n += 1) sum += jacobian[i * CHUNK + n]! * jacobian[j * CHUNK + n]!;
      hessian[i * P + j]! += sum;
    }
  }
}

/** Rows i … i + 3 times rows j and j + 1: plain numbers, as this is where the time goes. */
function addBlock(
  jacobian: Float64Array,
  P: number,
  count: number,
  hessian: Float64Array,
  i: number,
  j: number,
) {
  const a = i * CHUNK;
  const p = j * CHUNK;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let n = 0; n < count; n += 1) {
    const u = jacobian[p + n]!;
    const v = jacobian[p + CHUNK + n]!;
    const e = jacobian[a + n]!;
    const f = jacobian[a + CHUNK + n]!;
    const g = jacobian[a + 2 * CHUNK + n]!;
    const h = jacobian[a + 3 * CHUNK + n]!;
    s00 += e * u;
    s01 += e * v;
    s10 += f * u;
    s11 += f * v;
    s20 += g * u;
    s21 += g * v;
    s30 += h * u;
    s31 += h * v;
  }
  const at = i * P + j;
  hessian[at]! += s00;
  hessian[at + 1]! += s01;
  hessian[at + P]! += s10;
  hessian[at + P + 1]! += s11;
  hessian[at + 2 * P]! += s20;
  hessian[at + 2 * P + 1]! += s21;
  hessian[at + 3 * P]! += s30;
  hessian[at + 3 * P + 1]! += s31;
}

/**
 * Solves H s = g by Cholesky's decomposition of the lower triangle, which is overwritten.
 * @param hessian [P, P], symmetric @param g [P] @returns s [P]; null where H is not positive definite
 */
export function solvePositive(hessian: Float64Array, g: Float64Array): Float64Array | null {
  const P = g.length;
  for (let i = 0; i < P; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = hessian[i * P + j]!;
      for (let k = 0; k < j; k += 1) sum -= hessian[i * P + k]! * hessian[j * P + k]!;
      if (i === j) {
        if (!(sum > 0)) return null;
        hessian[i * P + i] = Math.sqrt(sum);
      } else hessian[i * P + j] = sum / hessian[j * P + j]!;
    }
  }
  const s = g.slice();
  for (let i = 0; i < P; i += 1) {
    for (let k = 0; k < i; k += 1) s[i]! -= hessian[i * P + k]! * s[k]!;
    s[i]! /= hessian[i * P + i]!;
  }
  for (let i = P - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < P; k += 1) s[i]! -= hessian[k * P + i]! * s[k]!;
    s[i]! /= hessian[i * P + i]!;
  }
  return s;
}
