import { describe, expect, test } from 'vitest';
import { windowAt } from '../../viewer/panels/timeline-window.ts';

const SPAN = 10_012;
/** Room for 80 steps that can be told apart. */
const ROOM = 960;

test('an episode is shown whole as long as its steps can be told apart', () => {
  expect(windowAt(3, 240, ROOM, 0)).toEqual({ first: 0, count: 240 });
  expect(windowAt(3, 241, ROOM, 0)).toEqual({ first: 0, count: 80 });
  expect(windowAt(3, 241, 0, 0)).toEqual({ first: 0, count: 241 }); // not laid out yet
});

describe('of a long one', () => {
  test('the beginning and the end are shown without gaps', () => {
    expect(windowAt(0, SPAN, ROOM, 0)).toEqual({ first: 0, count: 80 });
    expect(windowAt(SPAN, SPAN, ROOM, 0)).toEqual({ first: SPAN - 80, count: 80 });
    expect(windowAt(SPAN - 1, SPAN, ROOM, SPAN - 80).first).toBe(SPAN - 80);
    expect(windowAt(2, SPAN, ROOM, 0).first).toBe(0);
  });

  test('the window stays until the moment comes near an end of it, and then turns like a page', () => {
    const firsts = new Set<number>();
    let first = 0;
    for (let moment = 0; moment <= 400; moment++) {
      ({ first } = windowAt(moment, SPAN, ROOM, first));
      expect(moment).toBeGreaterThanOrEqual(first);
      expect(moment).toBeLessThanOrEqual(first + 80);
      firsts.add(first);
    }
    expect([...firsts]).toEqual([0, 61, 122, 183, 244, 305, 366]);
    for (let moment = 400; moment >= 0; moment--) {
      ({ first } = windowAt(moment, SPAN, ROOM, first));
      expect(moment).toBeGreaterThanOrEqual(first);
      expect(moment).toBeLessThanOrEqual(first + 80);
    }
    expect(first).toBe(0);
  });

  test('while it is dragged over, it moves only as far as it must', () => {
    expect(windowAt(1079, SPAN, ROOM, 1000, true).first).toBe(1000);
    expect(windowAt(1000, SPAN, ROOM, 1000, true).first).toBe(1000);
    expect(windowAt(1090, SPAN, ROOM, 1000, true).first).toBe(1010);
    expect(windowAt(990, SPAN, ROOM, 1000, true).first).toBe(990);
  });
});
