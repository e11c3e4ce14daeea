import { join } from 'node:path';
import { writeWithin } from '../common/output.ts';
import { drawnAgents } from '../evaluate/drawn-agents.ts';
import type { StudyReport } from '../evaluate/report-lines.ts';
import { saveFigure } from '../render/draw-spec.ts';
import { drawLearningFigure } from '../render/learning-figure.ts';
import { drawNumberFigure } from '../render/number-figure.ts';
import { shellLine } from '../render/shell-line.ts';
import { formatStudyReport } from '../render/study-report.ts';
import { drawWeightsFigure } from '../render/weights-figure.ts';
import type { Result } from './result.ts';

/**
 * Writes a study's report: `report.md`, `report.json`, and its figures as SVG and PNG.
 * @param command the command line that regenerates it
 * @throws Failure where a file cannot be written
 */
export async function writeReport(
  folder: string,
  report: StudyReport,
  results: readonly Result[],
  command: readonly string[],
): Promise<void> {
  const figures: { file: string; shows: string }[] = [];
  const save = (name: string, shows: string, svg: string): void => {
    saveFigure(svg, [join(folder, `${name}.svg`), join(folder, `${name}.png`)], writeWithin);
    figures.push({ file: `${name}.png`, shows });
  };
  const agents = drawnAgents(report.summary);
  const summary = { ...report.summary, agents };
  const drawn = results.filter(({ agent }) => agents.some(({ label }) => label === agent));
  save('reward', 'Reward and exact episodes against the number', await drawNumberFigure(summary));
  const curves = drawn.map(({ agent, learning }) => ({
    label: agent,
    points: learning.flatMap(({ frames, reward }) => (reward === null ? [] : [{ frames, reward }])),
  }));
  const { maxReward } = summary;
  const learning = await drawLearningFigure(curves, 'Learning', maxReward);
  save('learning', 'Learning curves', learning);
  const withWeights = drawn.filter(({ learning }) => learning.some(({ weights }) => weights));
  if (withWeights.length > 0) {
    const weights = await drawWeightsFigure(withWeights);
    save('weights', "The accumulators' weights while they learn", weights);
  }
  writeWithin(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  const markdown = formatStudyReport(report, shellLine(command), figures);
  writeWithin(join(folder, 'report.md'), `${markdown}\n`);
}
