import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { describeOptions, type OptionDescription } from '../../../env/index.ts';
import { formatMeasure } from '../../common/format.ts';
import { count, type Settings, settings } from '../../common/parse.ts';
import { shortValue } from '../../numeracy/format-task-report.ts';
import { planTask, planTaskFile, requireTask, type TaskPlan } from '../../numeracy/plan-task.ts';
import type { TaskReport } from '../../numeracy/task.ts';
import { runTaskStudy } from '../../numeracy/task-study.ts';
import { tasks } from '../../numeracy/tasks.ts';
import type { TaskProgress } from '../../numeracy/train-task.ts';
import { columns } from '../../render/align-columns.ts';
import { addExamples } from '../examples.ts';
import { createProgress } from '../progress.ts';
import { refuseIdle } from '../refuse-idle.ts';
import { stopOnSignals } from '../signals.ts';
import { studyProgress } from '../study-progress.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly quick?: boolean;
  readonly seeds?: string;
  readonly set?: Settings;
  readonly data?: string;
  readonly cell?: readonly string[];
  readonly folder?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly settings?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('[task]', 'a task, or a file that declares one as JSON (default: every task)')
    .option('--quick', 'a short version of each task, with few seeds')
    .option('--seeds <list>', 'seeds, one for each copy of a model, such as 1..25')
    .option(
      '--set <key=value...>',
      'settings of the task; --settings lists them',
      settings('--set'),
    )
    .option('--settings', "list the task's settings and their defaults, and train nothing")
    .option('--data <folder>', "folder with MNIST's four files, for digits")
    .option(
      '--cell <file...>',
      'files with cells of your own, or some-package#Name, for module and arithmetic',
    )
    .option(
      '--folder <folder>',
      'where runs, results and reports go (default: runs/numeracy, or runs/numeracy-quick)',
    )
    .addOption(
      new Option('--jobs <count>', 'training runs in parallel')
        .argParser(count('--jobs'))
        .default(availableParallelism(), 'the number of cores'),
    )
    .option('--json', 'print the reports as JSON')
    .action(async (given: string | undefined, options: Options) => {
      if (options.settings) return printSettings(given, options, terminal);
      const isFile = given !== undefined && /\.json$|\//.test(given);
      if (isFile)
        refuseIdle(command, ['seeds', 'set', 'quick'], `with ${given}, which declares the task`);
      if (given === undefined) refuseIdle(command, ['set'], 'without a task');
      await run(await plansOf(command, given, isFile, options), options, terminal);
    });
  command.addHelpText('after', helpText());
  addExamples(command, {
    'timegrid numeracy --quick': 'the point of each task, in under three minutes',
    'timegrid numeracy identity': 'one task, with the settings of docs/numeracy',
    'timegrid numeracy module --settings': 'list the settings of a task',
    'timegrid numeracy identity --seeds 1..5 --set nets=relu,nac --folder runs/mine':
      'your own version of a task',
  });
}

const helpText = (): string =>
  [
    '',
    'Finished runs are skipped. To resume, run the same command again.',
    '',
    'Tasks:',
    ...columns(tasks.map(({ id, summary }) => [`  ${id}`, summary])),
    '',
    'A file is JSON, for example {"task": "identity", "title": "Two nets", "nets": ["relu", "nac"], "seeds": "1..10"}.',
  ].join('\n');

function printSettings(given: string | undefined, { json }: Options, terminal: Terminal): void {
  const sheets = (given === undefined ? tasks : [requireTask(given)]).map((task) => ({
    id: task.id,
    summary: task.summary,
    source: task.source,
    settings: describeOptions(task.schema),
  }));
  if (json) {
    terminal.printJson(sheets);
    return;
  }
  const texts = sheets.map(({ id, summary, source, settings: list }) =>
    [`${id}: ${summary} (${source})`, '', ...list.flatMap(settingLines)].join('\n'),
  );
  terminal.print(texts.join('\n\n'));
}

/** A setting, its default, and what it is and takes, on two lines: lists are long. */
const settingLines = ({ name, description, takes, ...option }: OptionDescription): string[] => [
  `  ${name}${'default' in option ? ` = ${shortValue(option.default)}` : ''}`,
  `      ${description}: ${takes}`,
];

async function plansOf(
  command: Command,
  given: string | undefined,
  isFile: boolean,
  { quick, seeds, set, data, cell, folder }: Options,
): Promise<TaskPlan[]> {
  // Apart, so that what the short version leaves is not in the way of the whole.
  const base = folder ?? join('runs', quick ? 'numeracy-quick' : 'numeracy');
  const shared = { isQuick: quick, dataFolder: data, cells: cell };
  if (given !== undefined && isFile) {
    const own = folder ?? join('runs', basename(given, extname(given)));
    return [await planTaskFile(given, { ...shared, folder: own })];
  }
  const declared = { ...shared, set: { ...set, ...(seeds !== undefined && { seeds }) } };
  if (given !== undefined) {
    if (!requireTask(given).takesData) refuseIdle(command, ['data'], `for the task ${given}`);
    const own = folder ?? join(base, given);
    return [await planTask(requireTask(given), { ...declared, folder: own })];
  }
  return Promise.all(
    tasks.map((task) =>
      planTask(task, {
        ...declared,
        cells: task.takesCells ? cell : [],
        folder: join(base, task.id),
      }),
    ),
  );
}

async function run(
  plans: readonly TaskPlan[],
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const progress = createProgress(terminal.io.stderr, { logParts: 4 });
  const signals = stopOnSignals(terminal.io, () =>
    progress.note('saving the trainings; press Ctrl-C again to end at once'),
  );
  const reports: { plan: TaskPlan; report: TaskReport }[] = [];
  try {
    for (const plan of plans) {
      const report = await runTaskStudy(plan, {
        ...{ jobs: options.jobs, command: terminal.commandLine, signal: signals.stop },
        ...studyProgress(plan, progress, stateOf),
        onWait: progress.note,
      });
      if (!report) break;
      reports.push({ plan, report });
    }
  } finally {
    progress.close();
    signals.release();
  }
  if (options.json) {
    terminal.printJson(reports.map(({ plan, report }) => jsonOf(plan, report)));
  } else {
    const isOne = plans.length === 1;
    for (const { plan, report } of reports) terminal.print(textOf(plan, report, isOne));
  }
  for (const { plan } of reports)
    terminal.say(`the report is in ${join(plan.folder, 'report.md')}`);
  if (options.quick && reports.length > 0) {
    terminal.say(
      'this was the short version, with few seeds and short trainings; leave out --quick for the results in docs/numeracy',
    );
  }
  if (reports.length < plans.length) {
    terminal.say('everything is saved; run the same command again to resume');
    terminal.exitCode = signals.exitCode;
  }
}

const stateOf = ({ step, steps, loss }: TaskProgress) => ({
  share: step / steps,
  figures: [`step ${step} of ${steps}`, ...(loss === null ? [] : [`loss ${formatMeasure(loss)}`])],
});

const jsonOf = ({ task, settings, folder }: TaskPlan, { figures: _, ...report }: TaskReport) => ({
  ...{ task: task.id, settings, folder },
  ...report,
});

/** @param hasTables otherwise the findings stand alone */
function textOf({ title }: TaskPlan, { findings, tables }: TaskReport, hasTables: boolean): string {
  return [
    title,
    '',
    ...findings.map((finding) => `• ${plain(finding)}`),
    ...(hasTables ? tables : []).flatMap(({ title: heading, head, rows }) => [
      '',
      heading,
      ...columns([head, ...rows]),
    ]),
    '',
  ].join('\n');
}

/** A sentence of Markdown without its marks. */
const plain = (sentence: string): string => sentence.replaceAll(/\*\*|`/g, '');
