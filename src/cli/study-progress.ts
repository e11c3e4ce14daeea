import { formatDuration } from '../common/format.ts';
import type { Plan, StudyRun } from '../study/kind.ts';
import type { RunStudyOptions } from '../study/run-study.ts';
import type { Progress } from './progress.ts';

/** Shows how a study stands: what `runStudy` calls. @param stateOf the share of its training that a run has done, and its figures */
export function studyProgress<Run extends StudyRun, State>(
  { runs }: Plan<Run>,
  progress: Progress,
  stateOf: (state: State) => { readonly share: number; readonly figures: readonly string[] },
) {
  /** Share of each run that this process has trained. */
  const trained = new Map<string, { at: number; readonly from: number }>();
  const startedAt = performance.now();
  let finished = 0;
  let missing = runs.length;

  const timeLeft = (): string => {
    let [done, left] = [0, missing];
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
      const { share, figures } = stateOf(state);
      const at = Math.min(share, 1);
      trained.set(label, { at, from: trained.get(label)?.from ?? at });
      progress.update(label, at, figures);
    },
    onEvaluate({ label }) {
      // Its last progress may be from long before its end.
      trained.set(label, { at: 1, from: trained.get(label)?.from ?? 1 });
      progress.finish(label, 'trained, evaluating');
    },
    onFinish({ label }) {
      finished += 1;
      progress.finish(label, `finished, ${finished} of ${runs.length}${timeLeft()}`);
    },
    onFound({ label }) {
      finished += 1;
      missing -= 1;
      progress.finish(label, `finished by another process, ${finished} of ${runs.length}`);
    },
    onNote: ({ label }, sentence) => progress.note(`${label}: ${sentence}`),
  } satisfies Partial<RunStudyOptions<Run, State>>;
}
