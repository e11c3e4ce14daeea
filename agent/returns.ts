/** What happened over T steps in B worlds; all [T, B], the worlds innermost. */
export interface Transitions {
  /** r_t */
  readonly reward: Float32Array;
  /** V(s_t) */
  readonly value: Float32Array;
  /**
   * The value that stands for what follows step t: V(s_{t+1}) within an episode, V of the last observation where the
   * episode was truncated at t, zero where it terminated.
   */
  readonly nextValue: Float32Array;
  /** 1 where an episode ended at t, whichever way. */
  readonly ended: Uint8Array;
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, equation 16), never across the end of an episode:
 *   δ_t = r_t + γ V_{t+1} − V_t      A_t = δ_t + γ λ (1 − ended_t) A_{t+1}      R_t = A_t + V_t
 * @param T steps @param B worlds
 * @param into advantages and returns, [T, B]
 * @throws RangeError where an array has another length than T · B
 */
export function generalizedAdvantages(
  { reward, value, nextValue, ended }: Transitions,
  { T, B, discount, lambda }: { T: number; B: number; discount: number; lambda: number },
  into: { advantage: Float32Array; return: Float32Array },
): void {
  const { advantage: advantages, return: returns } = into;
  const all = { reward, value, nextValue, ended, advantages, returns };
  for (const [name, array] of Object.entries(all)) {
    if (array.length !== T * B) {
      throw new RangeError(`${name} has ${array.length} elements, not ${T} steps × ${B} worlds.`);
    }
  }
  for (let b = 0; b < B; b++) {
    let advantage = 0;
    for (let t = T - 1; t >= 0; t--) {
      const i = t * B + b;
      const delta = reward[i]! + discount * nextValue[i]! - value[i]!;
      advantage = delta + (ended[i] ? 0 : discount * lambda * advantage);
      advantages[i] = advantage;
      returns[i] = advantage + value[i]!;
    }
  }
}
