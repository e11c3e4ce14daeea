import { type Blueprint, makeBlueprint } from '../../../agent/blueprint.ts';
import { inspectWorld } from '../../../env/index.ts';
import { GROUP } from '../../play/acting-agent.ts';
import { checkpointId } from '../../run/agent-parameters.ts';
import type { RunDescription } from '../../run/description.ts';
import { Logbook, type TrainProgress } from '../../train/logbook.ts';
import { resolveSettingsFor } from '../../train/resolve-settings.ts';
import { startShardsHere } from '../../train/shards-here.ts';
import { Trainer } from '../../train/trainer.ts';
import { pathwayInfo } from '../../watch/pathway-info.ts';
import { curveOf } from './curve-of.ts';
import type { PageAgent, ProgramFile } from './page-file.ts';
import { settle } from './place.ts';
import type { CurvePoint, HeldFiles } from './posted.ts';
import { type OnSave, RunInMemory } from './run-in-memory.ts';
import type { TrainedAgent } from './trained-agent.ts';
import type { TrainingBeginning, TrainingChoice, TrainingPost } from './training-messages.ts';

/** Frames between two checkpoints: a few seconds of training. */
const CHECKPOINT_FRAMES = 50_000;

/** Where a thread posts news, and learns that it should stop. */
export interface TrainingEnds {
  post(news: TrainingPost): void;
  readonly isStopped: boolean;
}

/**
 * Trains an agent in this thread, by the code of `timegrid train` and to the same bits as with `--engine wasm --threads 1`, or only
 * says what is needed to show one that was trained before.
 */
export async function trainHere(beginning: TrainingBeginning, ends: TrainingEnds): Promise<void> {
  const { name, choice, files, goes, browser } = beginning.train;
  const { page } = await settle(beginning);
  const onSave: OnSave = (changed, frames) => {
    const parameters = trainer.parameters.slice();
    const checkpoint = checkpointId({ frames, parameters });
    ends.post({ saved: { changed, checkpoint, frames, parameters } });
  };
  const { run, last } = files
    ? RunInMemory.open(name, files, onSave)
    : {
        run: RunInMemory.begin(name, describe(choice, page.program, browser), onSave),
        last: undefined,
      };
  const { settings, checkpointFrames, world } = run.description;
  const trainer = await Trainer.create(settings, startShardsHere);
  const logbook = new Logbook(run, trainer, { checkpointFrames });
  if (last) await logbook.restore({ checkpoint: last, newEpisodes: false });
  const recipe = { config: settings.config, world };
  const blueprint = await makeBlueprint(recipe, 'wasm', { B: GROUP }, ['encode', 'act']);
  const { number } = inspectWorld(settings.env.id, settings.env.options);
  ends.post({
    ready: trainedAgent(run, blueprint, files, trainer),
    frames: trainer.frames,
    totalFrames: settings.totalFrames,
    maxReward: number?.maxReward ?? null,
  });
  // What is untrained is shown, too.
  if (last) onSave({}, trainer.frames);
  else await logbook.saveIfNew();
  const nextTurn = turns();
  while (goes && !trainer.done && !ends.isStopped) {
    const progress = await logbook.add(await trainer.update());
    if (progress) {
      ends.post({ progress: { ...pointOf(progress), framesPerSecond: progress.framesPerSecond } });
    }
    await nextTurn();
  }
  await logbook.saveIfNew();
  ends.post({ ended: { isFinished: trainer.done } });
  await trainer.close();
}

/** A new training, as `run.json` has it. */
function describe(choice: TrainingChoice, version: string, browser: string): RunDescription {
  const settings = resolveSettingsFor({ ...choice, engine: 'wasm', threads: 1 }, 1);
  const id = crypto.getRandomValues(new Uint8Array(16));
  return {
    id: Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    command: [],
    created: new Date().toISOString(),
    versions: { timegrid: version, browser },
    settings,
    world: inspectWorld(settings.env.id, settings.env.options).shape,
    checkpointFrames: CHECKPOINT_FRAMES,
  };
}

/** An agent as the thread that plays is told of it. */
function trainedAgent(
  { path, description }: RunInMemory,
  { compiled, engine: _, ...blueprint }: Blueprint,
  saved: HeldFiles | undefined,
  { frames, parameters }: Trainer,
): TrainedAgent {
  const { env, config, seed, totalFrames } = description.settings;
  const info = pathwayInfo(config.pathway);
  const file = (part: string): string => `trained.${part}`;
  const programOf = (which: 'encode' | 'act'): ProgramFile => {
    const { model: __, ...program } = compiled[which]!;
    return { ...program, model: file(which) };
  };
  const agent: PageAgent = {
    info: {
      name: `your ${config.pathway}`,
      ...{ path, person: false, ...info, seed, frames, totalFrames, checkpoint: null },
      ...{ discount: config.discount, lstm: config.lstm, nac: null },
    },
    checkpoint: '',
    frames,
    blueprint,
    programs: { encode: programOf('encode'), act: programOf('act') },
    parameters: file('parameters'),
    kept: [],
    curve: curveOf(saved),
    played: [],
  };
  const files = {
    [file('encode')]: new Uint8Array(compiled.encode!.model),
    [file('act')]: new Uint8Array(compiled.act!.model),
    [file('parameters')]: bytesOf(parameters.slice()),
  };
  return { world: { id: env.id, options: env.options }, agent, files };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

const pointOf = ({ frames, reward, metrics }: TrainProgress): CurvePoint => ({
  frames,
  reward: finite(reward),
  exact: finite(metrics.exact),
});

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** Lets messages in between two updates, without the milliseconds that a timer waits. */
function turns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let go = (): void => {};
  port1.addEventListener('message', () => go());
  port1.start();
  return () =>
    new Promise((resolve) => {
      go = resolve;
      port2.postMessage(null);
    });
}
