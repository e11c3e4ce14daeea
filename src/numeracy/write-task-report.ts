import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { writeWithin } from '../common/output.ts';
import { drawSpec, saveFigure } from '../render/draw-spec.ts';
import { formatTaskReport } from './format-task-report.ts';
import type { TaskPlan } from './plan-task.ts';
import type { TaskReport, TaskResult } from './task.ts';

/**
 * Writes a task's report: `report.md`, `report.json`, and its figures as SVG and PNG.
 * @param command the command line that regenerates it
 * @throws Failure where a file cannot be written
 */
export async function writeTaskReport(
  plan: TaskPlan,
  results: readonly TaskResult[],
  command: readonly string[],
): Promise<TaskReport> {
  const { task, title, settings, folder } = plan;
  const measured = measuredRuns(plan, results);
  const report = task.report(settings, measured);
  for (const { file, spec } of report.figures) {
    const files = [join(folder, `${file}.svg`), join(folder, `${file}.png`)];
    saveFigure(await drawSpec(spec as TopLevelSpec), files, writeWithin);
  }
  const { figures: _, ...written } = report;
  const kept = { task: task.id, title, settings, ...written, runs: measured };
  writeWithin(join(folder, 'report.json'), `${JSON.stringify(kept, null, 1)}\n`);
  writeWithin(join(folder, 'report.md'), textOf(plan, measured, report, command));
  return report;
}

/** The report as Markdown. */
export function taskReportText(
  plan: TaskPlan,
  results: readonly TaskResult[],
  command: readonly string[],
): string {
  const measured = measuredRuns(plan, results);
  return textOf(plan, measured, plan.task.report(plan.settings, measured), command);
}

function textOf(
  { task: { summary, source }, title, settings, runs }: TaskPlan,
  measured: ReturnType<typeof measuredRuns>,
  report: TaskReport,
  command: readonly string[],
): string {
  const diverged = measured.flatMap(({ run, result }) =>
    result.copies.filter((copy) => copy.diverged).map(({ seed }) => ({ run: run.name, seed })),
  );
  const own = runs[0]?.context.ownCells?.map(({ id }) => id) ?? [];
  const shown = own.length > 0 ? { ...settings, cell: own } : settings;
  const declared = { title, summary, source, settings: shown, runs: runs.length, diverged };
  return `${formatTaskReport(report, declared, command)}\n`;
}

const measuredRuns = ({ runs }: TaskPlan, results: readonly TaskResult[]) =>
  runs.map(({ run }, i) => ({ run, result: results[i]! }));
