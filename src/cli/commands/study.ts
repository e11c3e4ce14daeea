import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { PresetName } from '../../../agent/config.ts';
import { UsageError } from '../../common/errors.ts';
import { count, numberList, type Settings, seedList } from '../../common/parse.ts';
import type { StudyReport } from '../../evaluate/report-lines.ts';
import { findPathway } from '../../plugins/pathways.ts';
import { optionLines } from '../../render/align-columns.ts';
import { formatTable } from '../../render/evaluation-table.ts';
import { LEAST_KEPT, MOST_KEPT } from '../../run/kept-points.ts';
import { WatchProcess } from '../../server/watch-process.ts';
import { chooseRuns, runName } from '../../study/choose-runs.ts';
import { planStudy, planStudyFile } from '../../study/plan-study.ts';
import type { PlannedRun, StudyPlan } from '../../study/planned-run.ts';
import type { SomeRuns } from '../../study/run-study.ts';
import { runAgentStudy, runSomeAgents, type StudyOptions, usualFolder } from '../../study/study.ts';
import { AGENT_KEYS, FURTHER_KEYS, STUDY_KEYS, type StudySpec } from '../../study/study-file.ts';
import type { TrainProgress } from '../../train/logbook.ts';
import { addExamples } from '../examples.ts';
import { createProgress, trainingFigures } from '../progress.ts';
import {
  addQueueOptions,
  checkQueueOptions,
  type QueueOptions,
  runQueuedStudy,
} from '../queued-study.ts';
import { refuseIdle } from '../refuse-idle.ts';
import {
  addEnvWorkersOption,
  addEpisodesOption,
  addTrainingOptions,
  addWatchOption,
  agentNames,
  NUMBERS,
} from '../shared-options.ts';
import { stopOnSignals } from '../signals.ts';
import { studyProgress } from '../study-progress.ts';
import { printRuns, withoutOnly } from '../study-runs.ts';
import type { Terminal } from '../terminal.ts';

/** What a study without a file declares. */
interface DeclaringOptions {
  readonly agents?: readonly string[];
  readonly seeds?: readonly number[];
  readonly frames?: number;
  readonly numbers?: readonly number[];
  readonly episodes?: number;
  readonly preset?: PresetName;
  readonly set?: Settings;
  readonly env?: string;
  readonly envOption?: Settings;
}

interface Options extends DeclaringOptions, QueueOptions {
  readonly folder?: string;
  readonly jobs: number;
  readonly envWorkers?: number;
  readonly allowCode?: boolean;
  readonly json?: boolean;
  readonly watch?: true | number;
  readonly list?: boolean;
  readonly only?: readonly string[];
  readonly keepCheckpoints?: number;
}

const DECLARING: readonly (keyof DeclaringOptions)[] = [
  ...(['agents', 'seeds', 'frames', 'numbers', 'episodes', 'preset', 'set', 'env'] as const),
  'envOption',
];
const FILE = '{"frames": "3e5", "agents": {"wide": {"agent": "nac", "set": {"nacWidth": 32}}}}';
const FRAMES = 1_500_000;
const PAIR: readonly string[] = ['baseline', 'nac'];

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('[file]', 'a file that declares the study, as JSON')
    .optionsGroup('What to study, without a file:')
    .option(
      '--agents <names>',
      `agents to train: ${agentNames()}, files such as ./my-pathway.ts, or some-package#Name (default: ${PAIR.join(',')})`,
      (text: string) => text.split(','),
    )
    .option(
      '--seeds <list>',
      'seeds to train each agent with: 1..3 for three of them (default: 1)',
      seedList('--seeds'),
    )
    .option('--frames <count>', 'frames to train each run on (default: 1.5e6)', count('--frames'));
  command.option('--numbers <list>', NUMBERS, numberList('--numbers'));
  addTrainingOptions(addEpisodesOption(command, 200))
    .optionsGroup('How to run it:')
    .option(
      '--folder <folder>',
      "where runs, results and report go (default: runs/ and the file's name, or runs/study)",
    )
    .addOption(
      new Option('--jobs <count>', 'training runs in parallel')
        .argParser(count('--jobs'))
        .default(availableParallelism(), 'the number of cores'),
    );
  addWatchOption(addEnvWorkersOption(command))
    .option(
      '--keep-checkpoints <count>',
      'checkpoints to keep of each training, so that the page can show how the agents learned (default: as the file says, or none)',
      count('--keep-checkpoints', { min: LEAST_KEPT, max: MOST_KEPT }),
    )
    .option('--list', 'print the key of each run and how it stands, and train nothing')
    .option(
      '--only <run...>',
      'do these runs alone, while other processes do others: keys or their beginnings, or a part: 3/40 is every 40th run from the third on',
      (text: string, before: readonly string[] = []) => [...before, runName(text)],
    )
    .option(
      '--allow-code',
      'run the worlds and pathways that the file names by path, even if they were never used on this machine',
    )
    .option('--json', 'print the report, or the runs, as JSON');
  addQueueOptions(command).action((file: string | undefined, options: Options) => {
    if (file !== undefined)
      refuseIdle(command, DECLARING, `with ${file}, which declares the study`);
    if (options.list)
      refuseIdle(command, ['jobs', 'envWorkers', 'keepCheckpoints', 'watch'], 'with --list');
    checkQueueOptions(command, options);
    return run(file, options, terminal);
  });
  command.addHelpText(
    'after',
    [
      '',
      'Finished runs are skipped. To resume a study, run the same command again.',
      '',
      'The file is JSON, for example {"numbers": "5..30,100", "seeds": "1..5", "agents": {"small nac": {"agent": "nac", "set": {"lstm": 64}}}}:',
      ...optionLines(STUDY_KEYS),
      'each of "agents":',
      ...optionLines(AGENT_KEYS),
      'each of "further":',
      ...optionLines(FURTHER_KEYS),
    ].join('\n'),
  );
  addExamples(command, {
    'timegrid study': 'baseline against NAC: train, evaluate, report',
    'timegrid study --frames 3e5 --folder runs/short': 'a short version of it',
    'timegrid study --agents nac,nac-clock --seeds 1..3 --folder runs/three': 'three seeds of each',
    "timegrid study --agents nac --set 'learningRate=[3e-4,1e-3]' --folder runs/rates":
      'a grid: an agent of each value',
    'timegrid study --folder runs/shared --only 1/2':
      'half of the runs, while another machine does 2/2',
    'timegrid study --queue redis://localhost:6379 --detach':
      'the first of them, by whichever workers are there',
    [`echo '${FILE}' > wide.json && timegrid study wide.json`]: 'everything that a file declares',
  });
}

async function run(file: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const { folder = usualFolder(file), jobs, envWorkers, keepCheckpoints } = options;
  const { allowCode, json, only } = options;
  const plan =
    file === undefined
      ? await planStudy(await specOf(options), { folder })
      : await planStudyFile(file, folder, allowCode);
  if (options.queue) return runQueuedStudy(plan, options, terminal);
  const runs = only ? chooseRuns(plan.runs, only) : plan.runs;
  if (options.list) return printRuns(plan, runs, json, terminal);
  const progress = createProgress(terminal.io.stderr, { logParts: 4 });
  const paths = runs.map(({ path }) => path);
  const watch = new WatchProcess(paths, options.watch, progress.note);
  await watch.announce();
  const signals = stopOnSignals(terminal.io, () =>
    progress.note('saving the trainings; press Ctrl-C again to end at once'),
  );
  const { frames } = plan;
  const shown = studyProgress({ folder, runs }, progress, (state: TrainProgress) => ({
    share: state.frames / frames,
    figures: trainingFigures(state, frames),
  }));
  try {
    const following = {
      ...{ jobs, envWorkers, keepCheckpoints, command: terminal.commandLine, signal: signals.stop },
      ...shown,
      onWait: progress.note,
      onProgress(run: PlannedRun, state: TrainProgress) {
        watch.begin();
        shown.onProgress(run, state);
      },
    };
    const { isDone, missing, report } = only
      ? await runSomeAgents(plan, runs, withoutOnly(terminal.commandLine), following)
      : await wholeStudy(plan, following);
    progress.close();
    if (!isDone) {
      terminal.say('everything is saved; run the same command again to resume');
      terminal.exitCode = signals.exitCode;
      await watch.end();
      return;
    }
    if (only && json) printRuns(plan, runs, json, terminal);
    else if (report && json) terminal.printJson(report);
    else if (report) terminal.printStyled(formatTable(report.summary, terminal.table));
    if (report) terminal.say(`the report is in ${join(folder, 'report.md')}`);
    else if (missing > 0) terminal.say(`${missing} of ${plan.runs.length} runs have no result yet`);
    else terminal.say('every run is done; another process writes the report');
  } catch (error) {
    await watch.end();
    throw error;
  } finally {
    progress.close();
    signals.release();
  }
  if (terminal.exitCode === 0) await watch.stay((onFirst) => stopOnSignals(terminal.io, onFirst));
}

async function wholeStudy(plan: StudyPlan, options: StudyOptions): Promise<SomeRuns<StudyReport>> {
  const report = await runAgentStudy(plan, options);
  return { isDone: report !== undefined, missing: 0, ...(report && { report }) };
}

/** A study without a file, as a file would declare it. */
async function specOf({
  agents = PAIR,
  preset,
  envOption,
  ...options
}: DeclaringOptions): Promise<StudySpec> {
  const { seeds, frames = FRAMES, numbers, episodes, set, env } = options;
  const named = await Promise.all(
    agents.map(async (agent) => {
      const { id } = (await findPathway(agent)).spec;
      return [id, { agent, ...(preset && { preset }) }] as const;
    }),
  );
  const ids = named.map(([id]) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) {
    throw new UsageError(
      `--agents names ${twice} twice: name it once, and give --seeds for more runs of it`,
    );
  }
  return {
    agents: Object.fromEntries(named),
    frames,
    ...(seeds && { seeds: [...seeds] }),
    ...(numbers && { numbers: [...numbers] }),
    ...(episodes && { episodes }),
    ...(set && { set }),
    ...(env && { env }),
    ...(envOption && { envOptions: envOption }),
  };
}
