import { cellOf, distanceFromWhole, nacCell, weightsOf } from './cells/nac.ts';
import { DYNAMIC, type Program, type TensorSpec, type Tensors } from './compiler/program.ts';
import type { AgentConfig, WorldShape } from './config.ts';
import { encodeBackwardProgram, encodeProgram } from './encoder/plain-programs.ts';
import type { SharedProgramName } from './encoder/program-names.ts';
import { sharedProgram } from './encoder/shared-programs.ts';
import { actorCriticLoss, rewardPredictionLoss } from './losses.ts';
import { gradientName } from './names.ts';
import { createNetwork, type Network } from './network.ts';
import * as tf from './tf.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });
const int = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'int32' });

const parameterInputs = (network: Network, names: readonly string[]) =>
  Object.fromEntries(
    network.layout.slots
      .filter(({ name }) => names.includes(name))
      .map(({ name, shape }) => [name, float(...shape)]),
  );
const pixelInput = (world: WorldShape): TensorSpec => ({
  shape: [DYNAMIC, world.height, world.width, world.channels],
  dtype: 'uint8',
});

/**
 * One step in B worlds: drive [B, driveSize] of what each shows, instruction [B, k], start [B, 1], state [B, S] → probabilities
 * [B, actions], value [B], nextState [B, S].
 */
function actProgram(network: Network, world: WorldShape, B: number): Program {
  const k = world.instruction;
  return {
    name: 'act',
    regroup: true,
    inputs: {
      ...parameterInputs(network, network.coreNames),
      drive: float(B, network.driveSize),
      ...(k > 0 ? { instruction: float(B, k) } : {}),
      start: float(B, 1),
      state: float(B, network.stateSize),
    },
    outputs: ['probabilities', 'value', 'nextState'],
    run(inputs) {
      const step = network.unroll(
        inputs,
        [inputs.drive as tf.Tensor2D],
        k > 0 ? [inputs.instruction as tf.Tensor2D] : null,
        [inputs.start as tf.Tensor2D],
        [inputs.state as tf.Tensor2D],
      );
      return { probabilities: tf.softmax(step.logits), value: step.value, nextState: step.state };
    },
  };
}

/**
 * One step of the whole agent in N worlds, for use without the rest of this package: pixels uint8 [N, h, w, c],
 * instruction [N, k], state [N, S] → logits [N, actions], value [N], next_state [N, S]. An episode begins with a state of zeros.
 */
function stepProgram(network: Network, world: WorldShape): Program {
  const k = world.instruction;
  return {
    name: 'step',
    inputs: {
      ...parameterInputs(network, [...network.encoderNames, ...network.coreNames]),
      pixels: pixelInput(world),
      ...(k > 0 ? { instruction: float(DYNAMIC, k) } : {}),
      state: float(DYNAMIC, network.stateSize),
    },
    outputs: ['logits', 'value', 'next_state'],
    run(inputs) {
      const state = inputs.state as tf.Tensor2D;
      const going = tf.zeros([state.shape[0], 1]) as tf.Tensor2D;
      const step = network.unroll(
        inputs,
        [network.encode(inputs, inputs.pixels as tf.Tensor4D)],
        k > 0 ? [inputs.instruction as tf.Tensor2D] : null,
        [going],
        [state],
      );
      return { logits: step.logits, value: step.value, next_state: step.state };
    },
  };
}

/** Whether the loss pulls the network's accumulators to whole weights. */
const pulls = ({ accumulators }: Network, { pull = 0 }: AgentConfig): boolean =>
  pull > 0 && accumulators.length > 0;

/** How far the accumulators' weights are from whole ones: the mean over all NACs' weights, plus the mean of each other cell. */
export function farFromWhole({ accumulators }: Network, p: Tensors): tf.Scalar {
  const isNac = (one: (typeof accumulators)[number]): boolean => cellOf(one) === nacCell;
  const nacs = accumulators.filter(isNac).map(({ name }) => weightsOf(p, name));
  const others = accumulators
    .filter((one) => !isNac(one))
    .map((one) => cellOf(one).distanceFromWhole(p, one.name));
  const all = [...(nacs.length > 0 ? [distanceFromWhole(nacs)] : []), ...others];
  return all.reduce((sum, one) => tf.add(sum, one)) as tf.Scalar;
}

/**
 * Gradients of the loss over a rollout of T steps in B worlds, a shard of `totalWorlds`; the sum over
 * shards is the gradient of the mean loss. It is given the drives of what was shown, [T·B, driveSize], and the states that acting
 * computed before every step, [T, B, S]; it gives the gradients of the core's parameters and of the drives, which the encoder
 * passes on to its own. Also returned: the loss terms (each a mean over all shards' steps, in part), and what the learner
 * computed itself (probabilities, values) to compare with acting.
 */
function gradientsProgram(
  network: Network,
  config: AgentConfig,
  world: WorldShape,
  B: number,
  totalWorlds: number,
): Program {
  const { steps: T, valueWeight } = config;
  const k = world.instruction;
  const names = network.coreNames;
  const isPulled = pulls(network, config);
  const { rewardPrediction } = network;
  return {
    name: 'gradients',
    regroup: true,
    inputs: {
      ...parameterInputs(network, names),
      drive: float(T * B, network.driveSize),
      ...(k > 0 ? { instruction: float(T, B, k) } : {}),
      start: float(T, B, 1),
      ...(config.memoryDropout > 0 ? { dropped: float(T, B, 1) } : {}),
      entropyBonus: float(),
      ...(isPulled ? { pull: float() } : {}),
      states: float(T, B, network.stateSize),
      action: int(T * B),
      ...(rewardPrediction > 0 ? { rewarded: float(T * B) } : {}),
      advantage: float(T * B),
      return: float(T * B),
    },
    outputs: [
      ...[...names, 'drive'].map(gradientName),
      ...['policyLoss', 'valueLoss', 'entropy', 'probabilities', 'value'],
    ],
    run(inputs) {
      const steps = (name: string) => tf.unstack(inputs[name]!) as tf.Tensor2D[];
      let outputs: Tensors = {};
      const loss = (drive: tf.Tensor, ...values: tf.Tensor[]): tf.Scalar => {
        const p = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
        // TensorFlow.js has no gradient of a split into one.
        const drives = T === 1 ? [drive] : tf.split(drive, T);
        const { logits, value, rewarded } = network.unroll(
          p,
          drives as tf.Tensor2D[],
          k > 0 ? steps('instruction') : null,
          steps('start'),
          steps('states'),
          config.memoryDropout > 0 ? steps('dropped') : null,
        );
        const terms = actorCriticLoss(
          logits,
          value,
          inputs.action as tf.Tensor1D,
          inputs.advantage as tf.Tensor1D,
          inputs.return as tf.Tensor1D,
        );
        const mean = (x: tf.Scalar): tf.Scalar => tf.mul(x, 1 / (T * totalWorlds));
        const policyLoss = mean(terms.policy);
        const valueLoss = mean(terms.value);
        const entropy = mean(terms.entropy);
        outputs = { policyLoss, valueLoss, entropy, probabilities: tf.softmax(logits), value };
        for (const tensor of Object.values(outputs)) tf.keep(tensor);
        const critic = tf.mul(valueLoss, valueWeight);
        let total: tf.Scalar = tf.sub(
          tf.add(policyLoss, critic),
          tf.mul(entropy, inputs.entropyBonus as tf.Scalar),
        );
        if (rewarded && rewardPrediction > 0) {
          const predicted = rewardPredictionLoss(rewarded, inputs.rewarded as tf.Tensor1D);
          total = tf.add(total, tf.mul(mean(predicted), rewardPrediction));
        }
        if (!isPulled) return total;
        // Each shard pulls by its share of the worlds.
        const distance = tf.mul(farFromWhole(network, p), B / totalWorlds);
        return tf.add(total, tf.mul(distance, inputs.pull as tf.Scalar));
      };
      const given = ['drive', ...names];
      const gradients = tf.grads(loss)(given.map((name) => inputs[name]!));
      for (const [i, name] of given.entries()) outputs[gradientName(name)] = gradients[i]!;
      return outputs;
    },
  };
}

/** Everything that decides an agent's programs, so that a worker thread can make them too. */
export interface Recipe {
  readonly config: AgentConfig;
  readonly world: WorldShape;
}

export function programsFor({ config, world }: Recipe) {
  const network = createNetwork(config, world);
  return {
    network,
    encode: () => encodeProgram(network.encoder),
    encodeBackward: () => encodeBackwardProgram(network.encoder),
    shared: (name: SharedProgramName) => sharedProgram(network.encoder, name),
    step: () => stepProgram(network, world),
    act: (B: number) => actProgram(network, world, B),
    gradients: (B: number, total: number) => gradientsProgram(network, config, world, B, total),
  };
}
