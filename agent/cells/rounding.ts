/** So large that tanh gives ±1 and σ gives 1 to float32's last bit. */
const SATURATED = 30;

/** The weights of the accumulator `name`, W = tanh(Ŵ) ⊙ σ(M̂), [inputs, outputs]. @param parameters by name */
export function accumulatorWeights(
  parameters: Readonly<Record<string, Float32Array>>,
  name: string,
): Float32Array {
  const mHat = parameters[`${name}/m_hat`]!;
  return parameters[`${name}/w_hat`]!.map((w, i) => Math.tanh(w) / (1 + Math.exp(-mHat[i]!)));
}

/** Sets the parameters of the accumulator `name`, in place, to those of its weights rounded to −1, 0 or 1; their gradient is then zero. */
export function roundWeights(
  parameters: Readonly<Record<string, Float32Array>>,
  name: string,
): void {
  const [wHat, mHat] = [parameters[`${name}/w_hat`]!, parameters[`${name}/m_hat`]!];
  for (const [i, exact] of accumulatorWeights(parameters, name).entries()) {
    const weight = Math.round(exact);
    wHat[i] = weight * SATURATED;
    mHat[i] = weight === 0 ? -SATURATED : SATURATED;
  }
}
