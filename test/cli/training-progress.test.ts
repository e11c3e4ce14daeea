import { describe, expect, it } from 'vitest';
import type { TrainingState } from '../../src/cli/progress-columns.ts';
import { createProgress, type ProgressSettings } from '../../src/cli/training-progress.ts';

const state = (frames: number, about: Partial<TrainingState> = {}): TrainingState => ({
  frames,
  framesPerSecond: 10_000,
  meanReward: 8.412,
  maxReward: 10,
  metrics: { exact: 0.634 },
  entropy: 0.4217,
  valueLoss: 0.03123,
  explainedVariance: 0.871,
  ...about,
});

/** Just enough of a terminal: a screen of lines, a cursor, and the few codes that matter. */
class Screen {
  readonly isTTY = true;
  columns: number;
  lines: string[] = [''];
  row = 0;
  column = 0;
  isCursorShown = true;
  writes = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    this.writes++;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes begin with one
    for (const [token] of text.matchAll(/\x1b\[[?\d]*[A-Za-z]|[\s\S]/g)) this.apply(token);
  }

  private apply(token: string): void {
    const line = this.lines[this.row]!;
    if (token === '\n') {
      this.row++;
      this.column = 0;
      this.lines[this.row] ??= '';
    } else if (token === '\r') this.column = 0;
    else if (token === '\x1b[?25l') this.isCursorShown = false;
    else if (token === '\x1b[?25h') this.isCursorShown = true;
    else if (token === '\x1b[K') this.lines[this.row] = line.slice(0, this.column);
    else if (token === '\x1b[J') {
      this.lines.length = this.row + 1;
      this.lines[this.row] = line.slice(0, this.column);
    } else if (token.endsWith('A') && token.length > 1)
      this.row -= Number.parseInt(token.slice(2), 10);
    else if (token.startsWith('\x1b')) throw new Error(`unexpected code ${JSON.stringify(token)}`);
    else {
      this.lines[this.row] = line.slice(0, this.column) + token + line.slice(this.column + 1);
      this.column++;
    }
    if (this.row < 0) throw new Error('the cursor left the screen');
  }
}

class Pipe {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

/** Progress on a stream, with a clock set by hand. */
function start(stream: ProgressSettings['stream'], about: Partial<ProgressSettings> = {}) {
  const clock = { milliseconds: 0 };
  const progress = createProgress({
    stream,
    labels: ['baseline', 'nac'],
    total: 2_000_000,
    now: () => clock.milliseconds,
    ...about,
  });
  return { clock, progress };
}

describe('progress on a terminal', () => {
  it('redraws one line for each training in place', () => {
    const screen = new Screen(120);
    const { clock, progress } = start(screen);
    progress.update('baseline', state(20_000));
    expect(screen.lines).toMatchInlineSnapshot(`
      [
        "           done  frames  frames/s     time left  reward  exact  entropy  value loss  explained",
        "baseline    1 %  20.0 k    10.0 k    3 min 18 s    8.41   63 %     0.42      0.0312       0.87",
        "nac         0 %       –         –             –       –      –        –           –          –",
        "",
      ]
    `);
    clock.milliseconds = 1_000;
    progress.update('nac', state(1_240_000, { meanReward: -0.5 }));
    expect(screen.lines).toMatchInlineSnapshot(`
      [
        "           done  frames  frames/s     time left  reward  exact  entropy  value loss  explained",
        "baseline    1 %  20.0 k    10.0 k    3 min 18 s    8.41   63 %     0.42      0.0312       0.87",
        "nac        62 %  1.24 M    10.0 k    1 min 16 s   −0.50   63 %     0.42      0.0312       0.87",
        "",
      ]
    `);
    progress.close();
  });

  it('draws at most ten times a second', () => {
    const screen = new Screen(120);
    const { clock, progress } = start(screen);
    for (clock.milliseconds = 0; clock.milliseconds < 1_000; clock.milliseconds++) {
      progress.update('nac', state(clock.milliseconds));
    }
    expect(screen.writes).toBe(10);
    progress.close();
  });

  it.each([200, 100, 80, 60, 40, 12, 5])('keeps every line within %i columns', (columns) => {
    const screen = new Screen(columns);
    const { progress } = start(screen);
    progress.update('nac', state(1_000_000));
    progress.finish(
      'baseline',
      'reached 95 % of the maximum at 1.2 M frames, which is soon enough',
    );
    for (const line of screen.lines) expect(line.length).toBeLessThan(columns);
    expect(screen.lines).toHaveLength(4);
    progress.close();
  });

  it('drops the last columns whole on a narrow terminal, and follows its width', () => {
    const screen = new Screen(80);
    const { clock, progress } = start(screen);
    progress.update('nac', state(1_000_000));
    expect(screen.lines[0]).toMatch(/reward +exact +entropy$/);
    screen.columns = 60;
    clock.milliseconds = 200;
    progress.update('nac', state(1_000_000));
    expect(screen.lines[0]).toMatch(/time left +reward$/);
    progress.close();
  });

  it('writes notes above the lines, before, between and after', () => {
    const screen = new Screen(100);
    const { progress } = start(screen);
    progress.note('before');
    progress.update('nac', state(1_000_000));
    progress.note('saved\nand sound');
    progress.close();
    progress.note('after');
    expect(screen.lines.map((line) => line.split(' ')[0])).toEqual([
      'before',
      'saved',
      'and',
      '',
      'baseline',
      'nac',
      'after',
      '',
    ]);
  });

  it('hides the cursor only while it draws, and gives it back after the last training', () => {
    const screen = new Screen(100);
    const listeners = process.listenerCount('exit');
    const { progress } = start(screen);
    expect(screen.isCursorShown).toBe(true);
    progress.update('nac', state(1));
    expect(screen.isCursorShown).toBe(false);
    progress.finish('nac');
    expect(screen.isCursorShown).toBe(false);
    progress.finish('baseline', 'done in 2 min');
    expect(screen.isCursorShown).toBe(true);
    expect(process.listenerCount('exit')).toBe(listeners);
    expect(screen.lines[1]).toBe('baseline  done in 2 min');
    expect(screen.lines[2]).toContain('8.41');
  });

  it('gives the cursor back when the process exits', () => {
    const screen = new Screen(100);
    const earlier = process.listeners('exit');
    const { progress } = start(screen);
    progress.update('nac', state(1));
    const [added] = process.listeners('exit').filter((listener) => !earlier.includes(listener));
    added!(0);
    expect(screen.isCursorShown).toBe(true);
    const { writes } = screen;
    progress.close();
    progress.update('nac', state(2));
    expect(screen.writes).toBe(writes);
  });

  it('colours its text only where asked to', () => {
    const text = (colour: boolean): string => {
      const pipe = new Pipe();
      const { progress } = start(Object.assign(pipe, { isTTY: true, columns: 100 }), { colour });
      progress.update('nac', state(1));
      progress.close();
      return pipe.text;
    };
    expect(text(true)).toContain('\x1b[1mnac');
    expect(text(false)).not.toContain('\x1b[1m');
  });
});

describe('progress elsewhere', () => {
  it('logs a line that stands alone, without terminal codes', () => {
    const pipe = new Pipe();
    const { progress } = start(pipe, { colour: true });
    progress.note('training two agents');
    progress.update('nac', state(1_240_000));
    progress.update('baseline', state(640, { meanReward: Number.NaN, metrics: {} }));
    progress.finish('nac');
    progress.finish('baseline', 'stopped');
    expect(pipe.text).toMatchInlineSnapshot(`
      "training two agents
      nac: 62 %, 1.24 M frames, 10.0 k/s, 1 min 16 s left, reward 8.41 of 10, exact 63 %, entropy 0.42, value loss 0.0312, explained variance 0.87
      baseline: 1 %, 640 frames, 10.0 k/s, 3 min 20 s left, reward –, exact –, entropy 0.42, value loss 0.0312, explained variance 0.87
      nac: 62 %, 1.24 M frames, 10.0 k/s, 1 min 16 s left, reward 8.41 of 10, exact 63 %, entropy 0.42, value loss 0.0312, explained variance 0.87
      baseline: stopped
      "
    `);
  });

  it('logs every twentieth of the frames', () => {
    const pipe = new Pipe();
    const { progress } = start(pipe);
    for (let frames = 0; frames < 2_000_000; frames += 640) progress.update('nac', state(frames));
    const shares = pipe.text
      .trimEnd()
      .split('\n')
      .map((line) => line.match(/\d+ %/)![0]);
    expect(shares).toEqual(Array.from({ length: 20 }, (_, k) => `${5 * k} %`));
  });

  it('logs at least every so many seconds, each training on its own', () => {
    const pipe = new Pipe();
    const { clock, progress } = start(pipe, { logInterval: 10 });
    for (let second = 0; second <= 35; second++) {
      clock.milliseconds = second * 1_000;
      progress.update('nac', state(second));
      if (second >= 5) progress.update('baseline', state(second));
    }
    const labels = pipe.text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[0]);
    expect(labels.filter((label) => label === 'nac')).toHaveLength(4);
    expect(labels.filter((label) => label === 'baseline')).toHaveLength(4);
  });
});

it('refuses a label that it was not made for', () => {
  const { progress } = start(new Pipe());
  expect(() => progress.update('nak', state(1))).toThrow('no training called nak');
});
