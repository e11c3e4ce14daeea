import { expect, test } from 'vitest';
import { createEpisodeCounter } from '../../src/cli/episode-counter.ts';

function counterOn(stream: { isTTY?: boolean; columns?: number }) {
  let written = '';
  let time = 0;
  const write = (text: string) => {
    written += text;
  };
  const counter = createEpisodeCounter({ ...stream, write }, () => time);
  return {
    counter,
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
    written: () => written,
  };
}

test('a terminal has one line, written anew ten times a second and taken away at the end', () => {
  const { counter, wait, written } = counterOn({ isTTY: true, columns: 80 });
  counter.update('runs/nac', 1, 20);
  counter.update('runs/nac', 2, 20);
  wait(100);
  counter.update('runs/nac', 3, 20);
  counter.close();
  expect(written()).toBe(
    '\r\x1b[Kruns/nac: 1 of 20 episodes played\r\x1b[Kruns/nac: 3 of 20 episodes played\r\x1b[K',
  );
});

test('a line never wraps, and keeps its figures', () => {
  const { counter, written } = counterOn({ isTTY: true, columns: 30 });
  counter.update('runs/a-very-long-name', 1, 20);
  expect(written().slice('\r\x1b[K'.length)).toHaveLength(29);
  expect(written()).toMatch(/1 of 20 episodes played$/);
});

test('elsewhere nothing is written', () => {
  const { counter, written } = counterOn({});
  counter.update('runs/nac', 1, 20);
  counter.close();
  expect(written()).toBe('');
});
