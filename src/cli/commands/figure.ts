import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { makeFolder } from '../../common/make-folder.ts';
import { writeOutput } from '../../common/output.ts';
import { count } from '../../common/parse.ts';
import { optionLines } from '../../render/columns.ts';
import { saveFigure } from '../../render/figure-files.ts';
import type { LearningCurve } from '../../render/learning-figure.ts';
import { formatStudyReport, reportOf } from '../../render/study-report.ts';
import { lockFolder } from '../../run/lock.ts';
import {
  AGENT_KEYS,
  type Declaration,
  FURTHER_KEYS,
  readDeclaration,
  STUDY_KEYS,
} from '../../study/declaration.ts';
import type { Result } from '../../study/result.ts';
import { runDeclared } from '../../study/run-declared.ts';
import { addExamples } from '../examples.ts';
import { stopOnSignals } from '../signals.ts';
import { createStudyProgress } from '../study-progress.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly folder?: string;
  readonly jobs: number;
  readonly json?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('<file>', 'the study, such as studies/record.json')
    .option(
      '--folder <folder>',
      "where runs, results and report go (default: runs/ and the file's name)",
    )
    .addOption(
      new Option('--jobs <count>', 'trainings at once')
        .argParser(count('--jobs'))
        .default(availableParallelism(), 'the cores'),
    )
    .option('--json', 'print the report as JSON')
    .action((file: string, options: Options) => run(file, options, terminal));
  command.addHelpText(
    'after',
    [
      '',
      'The file is JSON, such as {"numbers": "5..30,100", "seeds": "1..5", "agents": {"small nac": {"agent": "nac", "set": {"lstm": 64}}}}:',
      ...optionLines(STUDY_KEYS),
      'each of "agents":',
      ...optionLines(AGENT_KEYS),
      'each of "further":',
      ...optionLines(FURTHER_KEYS),
      '',
      'What is there already is not done again: the same command goes on where it was stopped.',
    ].join('\n'),
  );
  addExamples(command, {
    'timegrid figure studies/short.json':
      'all that the file declares: trained, evaluated, reported',
    'timegrid figure studies/record.json --folder docs/record':
      "in timegrid's own repository: the report of record, from the results that are kept there",
  });
}

async function run(file: string, options: Options, terminal: Terminal): Promise<void> {
  const { folder = join('runs', basename(file, extname(file))) } = options;
  const declaration = await readDeclaration(file, folder);
  makeFolder(folder);
  const unlock = lockFolder(folder);
  try {
    await runAndReport(file, folder, declaration, options, terminal);
  } finally {
    unlock();
  }
}

async function runAndReport(
  file: string,
  folder: string,
  declaration: Declaration,
  { jobs, json, folder: named }: Options,
  terminal: Terminal,
): Promise<void> {
  const progress = createStudyProgress(terminal.io.stderr, declaration);
  const signals = stopOnSignals(terminal.io, () => progress.stopping());
  let results: Result[] | undefined;
  try {
    results = await runDeclared(declaration, jobs, progress, signals.stop);
  } finally {
    signals.release();
  }
  if (!results) {
    terminal.say('what is finished is kept; the same command goes on');
    terminal.exitCode = signals.exitCode;
    return;
  }
  const command = `timegrid figure ${file}${named === undefined ? '' : ` --folder ${folder}`}`;
  const report = await write(declaration, results, folder, command);
  terminal.print(json ? report.json : report.markdown);
  terminal.say(`the report is in ${join(folder, 'report.md')}, its figures and numbers beside it`);
}

/** Leaves the report in the folder: Markdown, JSON and figures. */
async function write(
  declaration: Declaration,
  results: readonly Result[],
  folder: string,
  command: string,
): Promise<{ json: string; markdown: string }> {
  const report = reportOf(declaration, results);
  const figures = [{ file: 'reward.png', shows: 'Reward and exact episodes against the number' }];
  await saveFigure(
    report.summary,
    ['svg', 'png'].map((type) => join(folder, `reward.${type}`)),
  );
  const { drawLearningFigure } = await import('../../render/learning-figure.ts');
  const { drawWeightsFigure, hasWeights } = await import('../../render/weights-figure.ts');
  const { rasterise } = await import('../../render/figure.ts');
  const save = (name: string, shows: string, svg: string): void => {
    writeOutput(join(folder, `${name}.svg`), svg);
    writeOutput(join(folder, `${name}.png`), rasterise(svg));
    figures.push({ file: `${name}.png`, shows });
  };
  const { maxReward } = report.summary;
  const learning = await drawLearningFigure(curvesOf(results), { title: 'Learning', maxReward });
  save('learning', 'Learning curves', learning);
  if (hasWeights(results)) {
    const weights = await drawWeightsFigure(results);
    save('weights', "The accumulators' weights while they learn", weights);
  }
  const json = JSON.stringify(report, null, 1);
  const markdown = formatStudyReport(report, command, figures);
  writeOutput(join(folder, 'report.json'), `${json}\n`);
  writeOutput(join(folder, 'report.md'), `${markdown}\n`);
  return { json, markdown };
}

function curvesOf(results: readonly Result[]): LearningCurve[] {
  return results.map(({ agent, learning }) => ({
    label: agent,
    points: learning.flatMap(({ frames, reward }) => (reward === null ? [] : [{ frames, reward }])),
  }));
}
