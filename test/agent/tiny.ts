import fc from 'fast-check';
import type { AgentConfig } from '../../agent/config.ts';
import type { Feeds } from '../../agent/engines/engine.ts';
import type { Network } from '../../agent/network.ts';
import { initialise, views } from '../../agent/parameters.ts';
import { configSchemaOf, parseConfig } from '../../agent/pathways/configure.ts';
import { pathwaySpec, pathwaySpecs } from '../../agent/pathways/registry.ts';
import { programsFor, type Recipe } from '../../agent/programs.ts';
import { numbers } from './engines/engines-at-work.ts';

export const PATHWAYS = pathwaySpecs().map(({ id }) => id);

/** A configuration of what the pathway takes of these options. */
export function configOf(given: Partial<AgentConfig>): AgentConfig {
  const { shape } = configSchemaOf(pathwaySpec(given.pathway ?? 'nac'));
  return parseConfig(Object.fromEntries(Object.entries(given).filter(([key]) => key in shape)));
}

/** An agent and a world so small that JavaScript convolves its frames in no time. */
export function tinyRecipe(
  config: Partial<AgentConfig> = {},
  world: Partial<Recipe['world']> = {},
): Recipe {
  return {
    config: configOf({
      convolutions: [
        { filters: 3, size: 3, stride: 2 },
        { filters: 4, size: 2, stride: 1 },
      ],
      dense: 6,
      lstm: 5,
      nacWidth: 3,
      steps: 4,
      ...config,
    }),
    world: { height: 8, width: 7, channels: 3, instruction: 1, actions: 4, ...world },
  };
}

/** Any tiny agent that fits its world, a number of worlds and of distinct frames. */
export const anyTiny: fc.Arbitrary<{ recipe: Recipe; B: number; N: number; seed: number }> = fc
  .record({
    convolutions: fc.array(
      fc.record({
        filters: fc.integer({ min: 1, max: 4 }),
        size: fc.integer({ min: 1, max: 3 }),
        stride: fc.integer({ min: 1, max: 4 }),
        // Rows and columns that the last filter does not reach, as a share of the stride.
        rest: fc.tuple(fc.nat(3), fc.nat(3)),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    last: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    channels: fc.integer({ min: 1, max: 3 }),
    instruction: fc.nat(3),
    actions: fc.integer({ min: 2, max: 5 }),
    pathway: fc.constantFrom(...PATHWAYS),
    nacStart: fc.constantFrom('xavier' as const, 'signed' as const),
    clockUnits: fc.integer({ min: 1, max: 2 }),
    clockSelf: fc.constantFrom('fixed' as const, 'learned' as const),
    clockReads: fc.constantFrom('one' as const, 'instruction' as const),
    pull: fc.constantFrom(0, 0.6),
    pictures: fc.constantFrom(1, 1, 2, 3),
    memoryDropout: fc.constantFrom(0, 0.4),
    memoryDecay: fc.constantFrom(1, 0.7),
    optimizer: fc.constantFrom('adam' as const, 'rmsprop' as const),
    sizes: fc.tuple(...[6, 5, 4].map((max) => fc.integer({ min: 1, max }))),
    steps: fc.integer({ min: 1, max: 4 }),
    B: fc.integer({ min: 1, max: 4 }),
    distinct: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.nat(),
  })
  .map(({ convolutions, last, channels, instruction, actions, sizes, distinct, ...other }) => {
    let [height, width] = last;
    for (const { size, stride, rest } of convolutions.toReversed()) {
      height = (height - 1) * stride + size + (rest[0] % stride);
      width = (width - 1) * stride + size + (rest[1] % stride);
    }
    const { B, seed, ...config } = other;
    return {
      recipe: tinyRecipe(
        {
          ...config,
          convolutions: convolutions.map(({ rest: _, ...layer }) => layer),
          dense: sizes[0]!,
          lstm: sizes[1]!,
          nacWidth: sizes[2]!,
        },
        { height, width, channels, instruction, actions },
      ),
      B,
      N: 1 + Math.floor(distinct * (config.steps * B - 1)),
      seed,
    };
  });

/** Parameters and inputs for all programs of an agent, drawn at random. */
export function randomFeeds(
  { config, world }: Recipe,
  B: number,
  N: number,
  seed: number,
): { vector: Float32Array; network: Network } & Record<'encode' | 'act' | 'gradients', Feeds> {
  const { network } = programsFor({ config, world });
  const { uniform, floats, integers, bytes } = numbers(seed);
  const vector = new Float32Array(network.layout.size);
  initialise(network.parameters, seed, vector);
  // Biases start at zero and the policy near it, where mistakes would hide.
  for (const [i, value] of vector.entries()) vector[i] = value + 0.4 * (uniform() - 0.5);
  const parameters = views(network.layout, vector);
  const steps = (T: number): Feeds => ({
    drive: floats(T * B * network.driveSize),
    instruction: floats(T * B * world.instruction, 0, 8),
    start: Float32Array.from({ length: T * B }, () => (uniform() < 0.3 ? 1 : 0)),
  });
  const states = (T: number): Float32Array => floats(T * B * network.stateSize);
  const pixels = bytes(N * world.height * world.width * world.channels);
  const TB = config.steps * B;
  const rewarded = Float32Array.from({ length: TB }, (_, i) => (i % 3) - 1);
  return {
    vector,
    network,
    encode: { ...parameters, pixels },
    act: { ...parameters, ...steps(1), state: states(1) },
    gradients: {
      ...parameters,
      ...steps(config.steps),
      states: states(config.steps),
      dropped: Float32Array.from({ length: TB }, () => (uniform() < config.memoryDropout ? 1 : 0)),
      pull: Float32Array.of(0.5),
      entropyBonus: Float32Array.of(0.02),
      // Not every program is fed it; every one that learns is fed what follows.
      rewarded,
      action: integers(TB, world.actions),
      advantage: floats(TB),
      return: floats(TB),
    },
  };
}
