import { describe, expect, test } from 'vitest';
import { createEpisodeProgress, createProgress, trainingFigures } from '../../src/cli/progress.ts';
import type { TrainProgress } from '../../src/train/logbook.ts';

/** Just enough of a terminal: lines, a cursor, and the codes that move up and clear. */
class Screen {
  readonly isTTY = true;
  readonly columns: number;
  lines: string[] = [''];
  #row = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes begin with one
    for (const [token] of text.matchAll(/\x1b\[\d*[A-Z]|[\s\S]/g)) {
      if (token === '\n') {
        this.#row += 1;
        this.lines[this.#row] ??= '';
      } else if (token === '\x1b[J') {
        this.lines.length = this.#row + 1;
        this.lines[this.#row] = '';
      } else if (token.startsWith('\x1b')) {
        expect(token.slice(2)).toMatch(/^\d+A$/);
        this.#row -= Number.parseInt(token.slice(2), 10);
        expect(this.#row).toBeGreaterThanOrEqual(0);
      } else if (token !== '\r') {
        this.lines[this.#row] += token;
        expect(this.lines[this.#row]!.length).toBeLessThan(this.columns);
      }
    }
  }
}

class Log {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

describe('on a terminal', () => {
  test('each task has a line that is redrawn in place and as much of it as fits', () => {
    const screen = new Screen(42);
    let now = 0;
    const progress = createProgress(screen, { logParts: 4, now: () => now });
    progress.update('baseline', 0.25, ['reward 3.00', 'exact 12 %', 'entropy 1.10']);
    now += 1000;
    progress.update('nac', 0.5, ['reward 9.00']);
    expect(screen.lines).toEqual([
      'baseline  25 %, reward 3.00, exact 12 %',
      'nac       50 %, reward 9.00',
      '',
    ]);
    progress.note('the page is at http://localhost');
    now += 1000;
    progress.update('baseline', 0.75, ['reward 8.00']);
    expect(screen.lines).toEqual([
      'the page is at http://localhost',
      'baseline  75 %, reward 8.00',
      'nac       50 %, reward 9.00',
      '',
    ]);
    progress.finish('baseline', 'finished, 1 of 2');
    progress.close();
    expect(screen.lines).toEqual([
      'the page is at http://localhost',
      'baseline: finished, 1 of 2',
      'nac  50 %, reward 9.00',
      '',
    ]);
  });

  test('it is redrawn ten times a second at most', () => {
    const screen = new Screen(80);
    let now = 0;
    const progress = createProgress(screen, { logParts: 4, now: () => now });
    progress.update('nac', 0.1, []);
    now = 99;
    progress.update('nac', 0.2, []);
    expect(screen.lines[0]).toBe('nac  10 %');
    now = 100;
    progress.update('nac', 0.3, []);
    expect(screen.lines[0]).toBe('nac  30 %');
  });

  test('an evaluation takes its line away', () => {
    const screen = new Screen(80);
    const episodes = createEpisodeProgress(screen);
    episodes.update('runs/nac-1', 3, 12);
    expect(screen.lines[0]).toBe('runs/nac-1  25 %, 3 of 12 episodes played');
    episodes.close();
    expect(screen.lines).toEqual(['']);
  });
});

describe('without a terminal', () => {
  test('a task has a line at once and at each part of it, and never more than 100 %', () => {
    const log = new Log();
    const progress = createProgress(log, { logParts: 4 });
    for (const share of [0.1, 0.3, 0.4, 0.8, 1.02]) progress.update('nac', share, ['reward 1.00']);
    progress.note('a note');
    progress.finish('nac', 'finished, 1 of 1');
    progress.close();
    expect(log.text.split('\n')).toEqual([
      'nac: 10 %, reward 1.00',
      'nac: 30 %, reward 1.00',
      'nac: 80 %, reward 1.00',
      'nac: 100 %, reward 1.00',
      'a note',
      'nac: finished, 1 of 1',
      '',
    ]);
  });

  test('an evaluation writes nothing', () => {
    const log = new Log();
    const episodes = createEpisodeProgress(log);
    episodes.update('runs/nac-1', 12, 12);
    episodes.close();
    expect(log.text).toBe('');
  });
});

describe('the figures of a training', () => {
  const state = {
    ...{ frames: 500_000, framesPerSecond: 10_000, reward: 8.412, entropy: 0.4217 },
    ...{ metrics: { exact: 0.634, error: -2.5 }, valueLoss: 0.03123, explainedVariance: 0.871 },
  } as unknown as TrainProgress;

  test('the most important first', () => {
    expect(trainingFigures(state, 2e6, 10)).toEqual([
      ...['500 k of 2.00 M frames', 'reward 8.41 of 10', 'exact 63 %', 'error −2.50'],
      ...['10.0 k frames/s', '2 min 30 s left', 'entropy 0.42', 'value loss 0.0312'],
      'explained variance 0.87',
    ]);
  });

  test('what does not exist yet is left out, and no training has more frames than it is to have', () => {
    const none = {
      ...state,
      frames: 2_000_640,
      reward: Number.NaN,
      metrics: { exact: Number.NaN },
    };
    expect(trainingFigures(none, 2e6).slice(0, 3)).toEqual([
      ...['2.00 M of 2.00 M frames', '10.0 k frames/s', '0 s left'],
    ]);
  });
});
