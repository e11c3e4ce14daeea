import type { CompiledProgram } from '../../agent/compiler/compile.ts';
import { views } from '../../agent/parameters.ts';
import { inspectWorld, numbersOf, type OtherNumber, type WorldFacts } from '../../env/index.ts';
import { VERSION } from '../common/version.ts';
import { loadSavedAgent } from '../play/saved-agent.ts';
import { type PluginFinding, requireOwnPathway } from '../plugins/of-run.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';

/**
 * One step of a saved agent as an ONNX model that does not need this package: pixels uint8 [N, h, w, c], instruction
 * float32 [N, k] (absent where k is zero), state float32 [N, S] → logits [N, actions], value [N], next_state [N, S], for any
 * number N of worlds. An episode begins with a state of zeros. Where the state ends with `last_action`, one for each action, write 1 for the
 * action taken before the next call. The parameters are stored in the model under their names.
 *
 * Its metadata, as JSON unless a single word or number: `timegrid` (version), `env`, `env_options`, `actions` (names, by
 * position), `pixels`, `instruction` and `state` (what they mean), `pathway`, `config`, `seed`, `frames` (trained on).
 * @param finding how its world is found, where it does not come with this package
 * @throws UsageError, EngineUnavailable or Failure for a run that cannot be loaded
 */
export async function exportStep(
  path: string,
  which: CheckpointName,
  finding: PluginFinding = {},
): Promise<CompiledProgram> {
  // The reference engine compiles no programs of its own.
  const { description, frames, blueprint, parameters } = await loadSavedAgent(
    path,
    which,
    'cpu',
    1,
    finding,
  );
  const { compile } = await import('../../agent/compiler/compile.ts');
  const { programsFor } = await import('../../agent/programs.ts');
  const { keptSize } = await import('../../agent/layers/several-pictures.ts');
  requireOwnPathway(finding.agent, [{ path, config: description.settings.config }]);
  const { env, seed } = description.settings;
  const { pathwaySource: _, ...config } = description.settings.config;
  const world = inspectWorld(env.id, env.options);
  const H = config.lstm;
  const { actionSlots } = blueprint;
  const earlier = keptSize(config.pictures, config.dense);
  const memory = blueprint.stateSize - 2 * H - earlier - actionSlots;
  const state = [
    { name: 'lstm/output', size: H },
    { name: 'lstm/cell', size: H },
    ...(memory > 0 ? [{ name: `${config.pathway}/state`, size: memory }] : []),
    ...(earlier > 0 ? [{ name: 'dense/earlier_pictures', size: earlier }] : []),
    ...(actionSlots > 0 ? [{ name: 'last_action', size: actionSlots }] : []),
  ];
  const metadata = {
    timegrid: VERSION,
    env: env.id,
    env_options: JSON.stringify(world.options),
    actions: JSON.stringify(world.actions),
    pixels: meaningOfPixels(world),
    instruction: meaningOfInstruction(world),
    state: JSON.stringify(state),
    pathway: config.pathway,
    config: JSON.stringify(config),
    seed: String(seed),
    frames: String(frames),
  };
  return compile(
    programsFor(blueprint.recipe).step(),
    metadata,
    views(blueprint.layout, parameters),
  );
}

function meaningOfPixels({ shape: { channels } }: WorldFacts): string {
  if (channels === 1) return 'the brightness of each pixel, 0 to 255';
  if (channels === 3) return 'red, green and blue of each pixel, 0 to 255';
  return `${channels} channels of each pixel, 0 to 255`;
}

function meaningOfInstruction(world: WorldFacts): string {
  const { number, otherNumbers, shape } = world;
  if (shape.instruction === 0) return 'none';
  if (!number) return 'what the world tells, not scaled';
  const named = ({ meaning, countsSteps }: OtherNumber): string =>
    `the ${meaning} asked for${countsSteps ? ', in steps from the start of the episode' : ''}`;
  const how = 'not scaled, as the world tells it';
  if (otherNumbers.length === 0) return `${named(number)}, ${how}`;
  const each = numbersOf(world)
    .toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0))
    .map((one) => `element ${one.place ?? 0}: ${named(one)}`);
  return `${each.join('; ')}; ${how}`;
}
