import { joined } from '../pathways/joined.ts';
import * as tf from '../tf.ts';

/** How many numbers a dense layer of `dense` units that sees `pictures` keeps from one step to the next. */
export const keptSize = (pictures: number, dense: number): number =>
  pictures > 1 ? (pictures - 1) * dense + 1 : 0;

/**
 * A dense layer over the newest picture x and how the previous ones differ from it,
 * relu(x W₀ + (x₋₁ − x) W₁ + (x₋₂ − x) W₂ + … + bias). Where nothing moves, it is a dense layer over x alone. An episode's first
 * picture stands for those missing before it. Each picture's products are computed once, when it is new.
 * @param products of the newest picture with W₀, W₁, …, side by side [batch, pictures · dense]
 * @param kept from the step before [batch, keptSize], zero where an episode starts: sums of earlier pictures' products, in order of the
 *   step that uses them, then a 1
 * @param bias [dense]
 * @returns the outputs [batch, dense], and what to keep
 */
export function denseOverPictures(
  products: tf.Tensor2D,
  kept: tf.Tensor2D,
  bias: tf.Tensor,
): { dense: tf.Tensor2D; kept: tf.Tensor2D } {
  const D = bias.shape[0]!;
  const [now, ...later] = tf.split(products, products.shape[1]! / D, 1) as [
    tf.Tensor2D,
    ...tf.Tensor2D[],
  ];
  const parts = tf.split(kept, [...later.map(() => D), 1], 1) as tf.Tensor2D[];
  const due = parts.slice(0, -1);
  const going = parts.at(-1)!;
  // What would be due if every earlier picture had been this one.
  const still = [...later];
  for (let k = still.length - 2; k >= 0; k--) still[k] = tf.add(later[k]!, still[k + 1]!);
  const changed = due.map((sum, k): tf.Tensor => tf.mul(going, tf.sub(sum, still[k]!)));
  const sums = still.map(
    (sum, k): tf.Tensor2D => (k + 1 < still.length ? tf.add(sum, changed[k + 1]!) : sum),
  );
  return {
    dense: tf.relu(tf.add(tf.add(now, changed[0]!), bias)),
    kept: joined([...sums, tf.onesLike(going)]),
  };
}
