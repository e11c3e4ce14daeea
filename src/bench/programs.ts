import type { AgentConfig, PresetName } from '../../agent/config.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { loadEngine } from '../../agent/engines/index.ts';
import { requireWorld, type WorldChoice } from '../plugins/worlds.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import { resolveSettings } from '../train/settings.ts';
import { type Breakdown, breakDown, type PhaseTimes, type UpdateTimes } from './break-down.ts';
import { ProfiledTraining } from './profiled-training.ts';
import { ProgramMeter } from './program-meter.ts';
import { PHASES, startTraining, update } from './training-at-work.ts';

/** What to take apart, and for how long. */
export interface ProgramsRequest {
  readonly engine: EngineName;
  readonly preset: PresetName;
  readonly world: WorldChoice;
  readonly seconds: number;
  /** What differs from the preset. */
  readonly config?: Partial<AgentConfig>;
}

/** Where the time of an update goes, in one thread. */
export interface ProgramsResult extends Breakdown {
  readonly engine: EngineName;
  readonly preset: PresetName;
  readonly world: Pick<WorldChoice, 'id' | 'options'>;
  readonly worlds: number;
  readonly steps: number;
}

/** Updates before any counts: until the code is compiled, the engine has its memory, and most of what there is to see has been seen. */
const WARM_UP = 20;
/** Updates are timed in so many turns, and after each of them the nodes of one update: a profile takes megabytes an update. */
const TURNS = 10;

/**
 * Trains in this thread, and takes apart what an update takes. Nodes are timed in a second training: timing makes it slower, so nothing
 * else is taken from it.
 * @throws EngineUnavailable
 */
export async function measurePrograms(request: ProgramsRequest): Promise<ProgramsResult> {
  const { engine, preset, world, seconds, config } = request;
  await requireWorld(world);
  const settings = resolveSettings({
    ...{ engine, preset, threads: 1, env: world.id, envOptions: world.options },
    ...(config && { set: config }),
  });
  const profiled = engine === 'onnx' ? await ProfiledTraining.start(settings, WARM_UP) : null;
  try {
    const updates = await timeUpdates(settings, seconds, async () => profiled?.update());
    const { worlds, steps } = settings.config;
    const { id, options } = world;
    return {
      ...{ engine, preset, world: { id, options }, worlds, steps },
      ...breakDown(updates, (await profiled?.finish()) ?? null),
    };
  } finally {
    profiled?.discard();
  }
}

/** @param inTurn called after each part of the time, so that what it measures has the same load */
async function timeUpdates(
  settings: TrainSettings,
  seconds: number,
  inTurn: () => Promise<void>,
): Promise<UpdateTimes[]> {
  const meter = new ProgramMeter(await loadEngine(settings.engine));
  const training = await startTraining(settings, meter.engine);
  for (let i = 0; i < WARM_UP; i++) await update(training);
  meter.take();
  const updates: UpdateTimes[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const end = performance.now() + (1000 * seconds) / TURNS;
    do {
      const phases: PhaseTimes[] = [];
      for (const phase of PHASES) {
        const start = performance.now();
        await training.phases[phase]();
        phases.push({ phase, milliseconds: performance.now() - start, uses: meter.take() });
      }
      updates.push(phases);
    } while (performance.now() < end);
    await inTurn();
  }
  await training.shard.close();
  await meter.dispose();
  return updates;
}
