import { expect, test } from 'vitest';
import { INITIAL, type State } from '../../viewer/state.ts';
import { storySteps } from '../../viewer/story/story-steps.ts';
import { NUMBER } from './tracks.ts';

const agent = (name: string, pathway: string) => ({
  name,
  pathway,
  pathwayLabel: `${name}’s panel`,
});

/** What a page of these agents knows, of a world whose number may count something else than steps. */
function stateOf(agents: readonly object[], number: object | null = NUMBER): State {
  const known = { agents, world: { number }, limits: { number: 16_000 } };
  return { ...INITIAL, ...(known as unknown as Pick<State, 'agents' | 'world' | 'limits'>) };
}

const kinds = (state: State) => storySteps(state).map(({ scene }) => scene.kind);

test('the story goes from training to far beyond it, by way of a clock and a branch', () => {
  const steps = storySteps(stateOf([agent('baseline', 'baseline'), agent('clock', 'nac-clock')]));
  expect(steps.map(({ scene }) => scene)).toEqual([
    { kind: 'episode', number: 10 },
    { kind: 'episode', number: 16 },
    { kind: 'inside', number: 16 },
    { kind: 'branch', number: 16, at: 6, told: 22 },
    { kind: 'far', number: 10_000 },
  ]);
  expect(steps[2]!.text).toContain('clock’s panel');
  expect(steps.filter(({ invites }) => invites)).toHaveLength(1);
});

test('it leaves out what is not there: a clock, steps to count, a number, an agent that plays now', () => {
  const plain = [agent('baseline', 'baseline')];
  expect(kinds(stateOf(plain))).toEqual(['episode', 'episode', 'branch', 'far']);
  expect(storySteps(stateOf(plain))[0]!.text).toMatch(/^The agent is .* It was trained on 5 to 12/);
  const coins = { ...NUMBER, countsSteps: false, symbol: 'k', trained: [1, 5] };
  expect(kinds(stateOf([agent('counter', 'nac-counter')], coins))).toEqual([
    ...['episode', 'episode', 'inside', 'far'],
  ]);
  expect(storySteps(stateOf(plain, null))).toEqual([]);
  expect(storySteps(stateOf([]))).toEqual([]);
  const replay = {} as unknown as NonNullable<State['replay']>;
  expect(storySteps({ ...stateOf(plain), replay })).toEqual([]);
});

test('it asks for no number that cannot be shown', () => {
  const state = stateOf([agent('baseline', 'baseline')]);
  const limited = { ...state, limits: { ...state.limits!, number: 500 } };
  expect(storySteps(limited).at(-1)!.scene).toEqual({ kind: 'far', number: 500 });
});
