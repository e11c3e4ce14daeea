import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { Failure } from '../common/errors.ts';
import { formatCount } from '../common/format.ts';
import { count } from '../common/parse.ts';
import { type QueueAddress, queueAddress } from '../queue/address.ts';
import { followStudy, statusOf } from '../queue/follow-study.ts';
import { StudyQueue } from '../queue/study-queue.ts';
import {
  figuresOf,
  type StudyStatus,
  statusJson,
  statusLines,
  studyFigures,
} from '../queue/study-status.ts';
import { formatTable } from '../render/evaluation-table.ts';
import type { WatchOption } from '../server/watch-process.ts';
import type { PlannedRun, StudyPlan } from '../study/planned-run.ts';
import { createProgress, type Progress } from './progress.ts';
import { refuseIdle } from './refuse-idle.ts';
import { stopOnSignals } from './signals.ts';
import { StudyPage } from './study-page.ts';
import type { Terminal } from './terminal.ts';

/** How a study is done by workers on other machines. */
export interface QueueOptions {
  readonly queue?: QueueAddress;
  readonly detach?: boolean;
  readonly status?: boolean;
  readonly keep?: number;
  readonly json?: boolean;
  readonly watch?: WatchOption;
}

const DAY = 86_400;
const KEPT_DAYS = 14;
/** Runs at work that have a line of their own on a terminal. */
const MOST_LINES = 16;
/** What concerns trainings on this machine. */
const LOCAL = ['jobs', 'envWorkers', 'keepCheckpoints', 'list', 'only'];

export function addQueueOptions(command: Command): Command {
  return command
    .optionsGroup('On many machines (docs/many-machines.md):')
    .addOption(
      new Option(
        '--queue <address>',
        'let workers do the runs, through Redis: redis://host:6379, or rediss:// for TLS; on each machine, start: timegrid worker <address>',
      ).argParser(queueAddress('--queue')),
    )
    .option('--detach', 'with --queue: put the runs into the queue, and do not wait for them')
    .option('--status', 'with --queue: say how each run stands, and change nothing')
    .addOption(
      new Option(
        '--keep <days>',
        'with --queue: days that Redis keeps checkpoints and results for (default: 14)',
      ).argParser(count('--keep', { max: 366 })),
    );
}

/** @throws UsageError for options that do nothing together */
export function checkQueueOptions(command: Command, options: QueueOptions): void {
  if (!options.queue) {
    refuseIdle(
      command,
      ['detach', 'status', 'keep'],
      'without --queue, which says where the runs go',
    );
    return;
  }
  refuseIdle(command, LOCAL, 'with --queue, whose runs other machines do');
  if (options.status) {
    refuseIdle(command, ['detach', 'keep'], 'with --status');
    refuseIdle(command, ['watch'], 'with --status, which looks once');
  }
  if (options.detach) refuseIdle(command, ['watch'], 'with --detach, which follows no run');
}

/** `timegrid study --queue`. */
export async function runQueuedStudy(
  plan: StudyPlan,
  options: QueueOptions,
  terminal: Terminal,
): Promise<void> {
  const progress = createProgress(terminal.io.stderr, { logParts: 4 });
  const page = new StudyPage(plan, options.watch, progress.note);
  try {
    await page.announce();
    await atQueue(plan, options, { progress, page }, terminal);
    if (terminal.exitCode === 0) await page.stay((onFirst) => stopOnSignals(terminal.io, onFirst));
  } finally {
    progress.close();
    await page.end();
  }
}

/** Where it is shown how the runs stand. */
interface Views {
  readonly progress: Progress;
  readonly page: StudyPage;
}

async function atQueue(
  plan: StudyPlan,
  { queue: address, detach, status, keep = KEPT_DAYS, json }: QueueOptions,
  views: Views,
  terminal: Terminal,
): Promise<void> {
  const { progress } = views;
  const queue = await StudyQueue.open(address!, keep * DAY, {
    onLost: () => progress.note('Redis is out of reach; it is looked for again until it is back'),
    onBack: () => progress.note('Redis is back'),
  });
  try {
    if (status) {
      const found = await statusOf(queue, plan);
      if (json) terminal.printJson(statusJson(found));
      else terminal.print(statusLines(found).join('\n'));
    } else if (detach) {
      await declareOnly(queue, plan, terminal);
    } else {
      await follow(queue, plan, { ...views, json }, terminal);
    }
  } finally {
    queue.close();
  }
}

async function declareOnly(queue: StudyQueue, plan: StudyPlan, terminal: Terminal): Promise<void> {
  const { runs } = await statusOf(queue, plan);
  const missing = runs.filter(({ is }) => is === 'missing').map(({ run }) => run);
  await queue.declare(missing);
  terminal.say(
    `${missing.length} of ${runs.length} runs are put into the queue at ${queue.shown}, and the others were there or done; see how they stand with --status, and collect them with the same command without --detach`,
  );
}

async function follow(
  queue: StudyQueue,
  plan: StudyPlan,
  { progress, page, json }: Views & { readonly json: boolean | undefined },
  terminal: Terminal,
): Promise<void> {
  const signals = stopOnSignals(terminal.io);
  const shown = queueProgress(plan, progress);
  try {
    const followed = await followStudy(queue, plan, {
      ...{ command: terminal.commandLine, signal: signals.stop },
      ...shown,
      onStatus(status: StudyStatus) {
        shown.onStatus(status);
        page.show(queue.store, status);
      },
      onWait: progress.note,
    });
    progress.close();
    if (!followed) {
      terminal.say(
        'the runs stay in the queue; run the same command again to follow and collect them',
      );
      terminal.exitCode = signals.exitCode;
      return;
    }
    const { report, failed } = followed;
    if (report) {
      if (json) terminal.printJson(report);
      else terminal.printStyled(formatTable(report.summary, terminal.table));
      terminal.say(`the report is in ${join(plan.folder, 'report.md')}`);
    }
    const [first] = failed;
    if (first) {
      const [run, sentence] = first;
      const named = report ? ', and are named in the report' : '';
      throw new Failure(
        `${failed.size} of ${plan.runs.length} runs failed${named}; the first is ${run.label}: ${sentence}`,
      );
    }
  } finally {
    signals.release();
  }
}

/** Shows how the runs of a queue stand: a line for the study, and one for each run at work as far as there is room. */
function queueProgress({ runs }: StudyPlan, progress: Progress) {
  const labels = new Set<string>();
  let finished = 0;
  return {
    onStart(count: number) {
      finished = count;
      if (count > 0) progress.note(`${count} of ${runs.length} runs have a result already`);
    },
    onStatus(status: StudyStatus) {
      progress.update('study', studyFigures(status).share, figuresOf(status));
      const atWork = status.runs.filter(({ is }) => is === 'at work').slice(0, MOST_LINES);
      const now = new Set(atWork.map(({ run }) => run.label));
      for (const label of labels) if (!now.has(label)) progress.finish(label);
      labels.clear();
      for (const { run, share, speed, host } of atWork) {
        labels.add(run.label);
        progress.update(run.label, share, [
          ...(host ? [`on ${host}`] : []),
          ...(speed > 0 ? [`${formatCount(speed)} frames/s`] : []),
        ]);
      }
    },
    onFinish({ label }: PlannedRun) {
      labels.delete(label);
      finished += 1;
      progress.finish(label, `finished, ${finished} of ${runs.length}`);
    },
    onFail({ label }: PlannedRun, sentence: string) {
      labels.delete(label);
      progress.finish(label, `failed: ${sentence}`);
    },
    onNote: ({ label }: PlannedRun, sentence: string) => progress.note(`${label}: ${sentence}`),
  };
}
