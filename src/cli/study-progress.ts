import { formatDuration } from '../common/format.ts';
import type { StudyPlan } from '../study/planned-run.ts';
import type { StudyOptions } from '../study/study.ts';
import { type Progress, trainingFigures } from './progress.ts';

/** Shows how a study stands: what `runAgentStudy` calls. */
export function studyProgress({ runs, frames }: StudyPlan, progress: Progress) {
  /** Frames of each run that this process has trained on. */
  const trained = new Map<string, { at: number; readonly from: number }>();
  const startedAt = performance.now();
  let finished = 0;
  let missing = runs.length;

  const timeLeft = (): string => {
    let [done, left] = [0, missing * frames];
    for (const { at, from } of trained.values()) {
      done += at - from;
      left -= at;
    }
    if (done === 0 || left <= 0) return '';
    const seconds = (performance.now() - startedAt) / 1000;
    return `, about ${formatDuration((seconds / done) * left)} of training left`;
  };
  return {
    onStart(count) {
      finished = count;
      missing -= count;
      if (count > 0) progress.note(`${count} of ${runs.length} runs have a result already`);
    },
    onProgress({ label }, state) {
      const at = Math.min(state.frames, frames);
      trained.set(label, { at, from: trained.get(label)?.from ?? at });
      progress.update(label, at / frames, trainingFigures(state, frames));
    },
    onEvaluate({ label }) {
      progress.finish(label, 'trained, evaluating');
    },
    onFinish({ label }) {
      finished += 1;
      progress.finish(label, `finished, ${finished} of ${runs.length}${timeLeft()}`);
    },
    onNote: ({ label }, sentence) => progress.note(`${label}: ${sentence}`),
  } satisfies StudyOptions as Required<
    Pick<StudyOptions, 'onStart' | 'onProgress' | 'onEvaluate' | 'onFinish' | 'onNote'>
  >;
}
