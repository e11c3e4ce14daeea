/**
 * Draws one action a row.
 * @param probabilities [B, actions]
 * @param uniform numbers in [0, 1), one taken for each row
 * @param into int32 [B]
 */
export function sampleActions(
  probabilities: Float32Array,
  uniform: () => number,
  into: Int32Array,
): void {
  const actions = probabilities.length / into.length;
  for (let b = 0; b < into.length; b++) {
    let left = uniform();
    let action = 0;
    // Probabilities may sum to a little less than one: the last action takes what is left over.
    while (action < actions - 1) {
      left -= probabilities[b * actions + action]!;
      if (left < 0) break;
      action += 1;
    }
    into[b] = action;
  }
}

/** The most probable action of each row, the first of equals. @param probabilities [B, actions] @param into int32 [B] */
export function greedyActions(probabilities: Float32Array, into: Int32Array): void {
  const actions = probabilities.length / into.length;
  for (let b = 0; b < into.length; b++) {
    let best = 0;
    for (let a = 1; a < actions; a++) {
      if (probabilities[b * actions + a]! > probabilities[b * actions + best]!) best = a;
    }
    into[b] = best;
  }
}
