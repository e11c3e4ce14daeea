/**
 * Writes into recurrent states which action was taken after them: a pathway that knows what the agent did reads it at the next step.
 * @param state [B, S], whose last `slots` numbers are zero and stand for one action each
 * @param actions [B], the index of each action
 * @param slots how many actions there are; nothing is written where it is zero
 */
export function rememberActions(
  state: Float32Array,
  actions: ArrayLike<number>,
  slots: number,
): void {
  if (slots === 0) return;
  const size = state.length / actions.length;
  for (let b = 0; b < actions.length; b++) state[(b + 1) * size - slots + actions[b]!] = 1;
}
