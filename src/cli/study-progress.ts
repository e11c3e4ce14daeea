import { formatCount, formatDuration, formatNumber, formatPercent } from '../render/format.ts';
import type { Declaration } from '../study/declaration.ts';
import type { TrainProgress } from '../train/logbook.ts';
import type { ProgressStream } from './training-progress.ts';

/** How a study stands, told to a person. */
export interface StudyProgress {
  /** @param finished runs that had a result before */
  begin(finished: number): void;
  trained(label: string, progress: TrainProgress): void;
  evaluating(label: string): void;
  finished(label: string): void;
  /** A stop was asked for. */
  stopping(): void;
  note(sentence: string): void;
}

/** A run says how it stands at each of so many equal parts of its training. */
const PARTS = 4;

/** A line for each quarter of a training and each result, with the time that all that is left will take at this pace. */
export function createStudyProgress(
  stream: ProgressStream,
  { runs, frames }: Declaration,
  now: () => number = () => performance.now(),
): StudyProgress {
  /** Of the runs under way and over: frames trained on, and where this process took them up. */
  const framesOf = new Map<string, { at: number; from: number }>();
  let finished = 0;
  let missing = runs.length;
  let begunAt = now();
  const say = (text: string): void => {
    stream.write(`${text}\n`);
  };
  const advance = (label: string, at: number): number => {
    const before = framesOf.get(label) ?? { at, from: at };
    framesOf.set(label, { at, from: before.from });
    return before.at;
  };
  const timeLeft = (): string => {
    let [done, left] = [0, missing * frames];
    for (const { at, from } of framesOf.values()) {
      done += at - from;
      left -= at;
    }
    if (done === 0) return '';
    return `, about ${formatDuration(((now() - begunAt) / 1000 / done) * left)} of training left`;
  };
  return {
    begin(count) {
      finished = count;
      missing = runs.length - count;
      begunAt = now();
      if (count > 0) say(`${count} of ${runs.length} runs have their result already`);
    },
    trained(label, { frames: at, reward, metrics }) {
      const before = advance(label, at);
      if (Math.floor((PARTS * at) / frames) === Math.floor((PARTS * before) / frames)) return;
      const said = [
        `${formatCount(Math.min(at, frames))} of ${formatCount(frames)} frames`,
        // Without an end of any episode, there are neither.
        Number.isFinite(reward) && `reward ${formatNumber(reward, 2)}`,
        Number.isFinite(metrics.exact) && `exact ${formatPercent(metrics.exact!)}`,
      ];
      say(`${label}: ${said.filter(Boolean).join(', ')}${timeLeft()}`);
    },
    evaluating(label) {
      advance(label, frames);
      say(`${label}: evaluating`);
    },
    finished(label) {
      finished += 1;
      say(`${label}: finished, ${finished} of ${runs.length}`);
    },
    note: say,
    stopping() {
      say('saving what is trained; another Ctrl-C ends it at once');
    },
  };
}
