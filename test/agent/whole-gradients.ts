import { DYNAMIC, type Program, type TensorSpec } from '../../agent/compiler/program.ts';
import { actorCriticLoss, rewardPredictionLoss } from '../../agent/losses.ts';
import { gradientName } from '../../agent/names.ts';
import { createNetwork } from '../../agent/network.ts';
import { farFromWhole, type Recipe } from '../../agent/programs.ts';
import * as tf from '../../agent/tf.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });
const int = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'int32' });

/**
 * The gradients of all parameters over a rollout in B worlds, the plain way: from pixels uint8 [N, h, w, c] and index int32 [T·B],
 * frame after frame through the whole network, from the state [B, S] before the first step on.
 */
export function wholeGradients({ config, world }: Recipe, B: number): Program {
  const network = createNetwork(config, world);
  const { steps: T, valueWeight, pull = 0 } = config;
  const k = world.instruction;
  const names = network.parameters.map(({ name }) => name);
  return {
    name: 'wholeGradients',
    inputs: {
      ...Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float(...shape)])),
      pixels: {
        shape: [DYNAMIC, world.height, world.width, world.channels],
        dtype: 'uint8',
      },
      index: int(T * B),
      ...(k > 0 ? { instruction: float(T, B, k) } : {}),
      start: float(T, B, 1),
      dropped: float(T, B, 1),
      pull: float(),
      entropyBonus: float(),
      state: float(B, network.stateSize),
      action: int(T * B),
      advantage: float(T * B),
      return: float(T * B),
      rewarded: float(T * B),
    },
    outputs: names.map(gradientName),
    run(inputs) {
      const steps = (name: string) => tf.unstack(inputs[name]!) as tf.Tensor2D[];
      const loss = (...values: tf.Tensor[]): tf.Scalar => {
        const p = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
        const drive = network.encode(p, inputs.pixels as tf.Tensor4D);
        const shown = tf.gather(drive, inputs.index as tf.Tensor1D);
        const { logits, value, rewarded } = network.unroll(
          p,
          T === 1 ? [shown] : (tf.split(shown, T) as tf.Tensor2D[]),
          k > 0 ? steps('instruction') : null,
          steps('start'),
          [inputs.state as tf.Tensor2D],
          steps('dropped'),
        );
        const terms = actorCriticLoss(
          logits,
          value,
          inputs.action as tf.Tensor1D,
          inputs.advantage as tf.Tensor1D,
          inputs.return as tf.Tensor1D,
        );
        const critic = tf.mul(terms.value, valueWeight);
        const predicted = rewarded
          ? tf.mul(
              rewardPredictionLoss(rewarded, inputs.rewarded as tf.Tensor1D),
              network.rewardPrediction,
            )
          : 0;
        const sum = tf.sub(
          tf.add(tf.add(terms.policy, critic), predicted),
          tf.mul(terms.entropy, inputs.entropyBonus as tf.Scalar),
        );
        const mean: tf.Scalar = tf.div(sum, T * B);
        if (pull === 0 || network.accumulators.length === 0) return mean;
        return tf.add(mean, tf.mul(farFromWhole(network, p), inputs.pull as tf.Scalar));
      };
      const gradients = tf.grads(loss)(names.map((name) => inputs[name]!));
      return Object.fromEntries(names.map((name, i) => [gradientName(name), gradients[i]!]));
    },
  };
}
