/** So large that tanh gives ±1 and σ gives 1 to float32's last bit. */
const SATURATED = 30;

/** Sets an accumulator's parameters, in place, to those of its weights rounded to −1, 0 or 1; their gradient is then zero. */
export function roundWeights(wHat: Float32Array, mHat: Float32Array): void {
  for (const [i, w] of wHat.entries()) {
    const weight = Math.round(Math.tanh(w) / (1 + Math.exp(-mHat[i]!)));
    wHat[i] = weight * SATURATED;
    mHat[i] = weight === 0 ? -SATURATED : SATURATED;
  }
}
