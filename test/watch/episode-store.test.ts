import { expect, test } from 'vitest';
import type { EpisodePlan } from '../../src/play/episodes.ts';
import { type ClientBudget, ClientBudgets } from '../../src/watch/client-budget.ts';
import { EpisodeStore } from '../../src/watch/episode-store.ts';
import type { StreamedEpisode } from '../../src/watch/streamed-episode.ts';
import type { NewSteps, WrittenStep } from '../../src/watch/written-step.ts';

const STEP: WrittenStep = { plain: 'x'.repeat(1_000), picture: 1, observed: null, extras: null };
const WHOLE = 1_000;

/** An agents' thread that plays episodes of a thousand steps, all alike; those of seed 13 fail. */
class FakeThread {
  readonly open = new Map<number, { plan: EpisodePlan; steps: number }>();
  /** The seeds whose episodes were played, in order. */
  readonly played: number[] = [];
  #opened = 0;

  async ask(name: string, argument: unknown): Promise<unknown> {
    await new Promise((resolve) => setImmediate(resolve));
    if (name === 'open') {
      const { plan } = argument as { plan: EpisodePlan };
      this.open.set(++this.#opened, { plan, steps: 0 });
      const start = { number: 5, picture: 1, position: null };
      return { episode: this.#opened, start, pictures: [] };
    }
    if (name === 'close') return void this.open.delete(argument as number);
    const { numbers, count } = argument as { numbers: number[]; count: number };
    return numbers.map((number) => this.#advance(number, count));
  }

  #advance(number: number, count: number): NewSteps {
    const episode = this.open.get(number)!;
    this.played.push(episode.plan.seed);
    if (episode.plan.seed === 13) {
      const error = { name: 'WorldError', message: 'the floor gave way', stack: undefined };
      return { steps: [], pictures: [], end: null, error };
    }
    const steps = Array(Math.min(count, WHOLE - episode.steps)).fill(STEP);
    episode.steps += steps.length;
    const isOver = episode.steps === WHOLE;
    if (isOver) this.open.delete(number);
    const how = { how: 'truncated', return: 0, metrics: {}, arrived: false, exact: false } as const;
    return { steps, pictures: [], end: isOver ? { steps: WHOLE, ...how } : null, error: null };
  }
}

type Thread = ConstructorParameters<typeof EpisodeStore>[0];

function storeOf(budget?: number) {
  const thread = new FakeThread();
  const hooks = { onEnd() {}, whenIdle: async () => false };
  const store = new EpisodeStore(thread as unknown as Thread, hooks, budget);
  return { thread, store, budgets: new ClientBudgets(undefined, () => 0) };
}

const planOf = (seed: number): EpisodePlan => ({ number: 5, seed, policy: 'greedy' });

/** A client that follows an episode. @param takes whether it takes what there is */
function follow(episode: StreamedEpisode, budget: ClientBudget, horizon: number, takes = false) {
  const follower = {
    budget,
    onMore: () => look(),
    get taken() {
      return takes ? episode.steps.length : 0;
    },
  };
  let look = (): void => {};
  episode.follow(follower);
  episode.want(horizon);
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (isSo()) resolve();
      };
      look();
    });
  return { until, leave: () => episode.unfollow(follower) };
}

/** Lets the thread finish what it was asked. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
}

test('episodes that are given up are not kept, however many are asked for', async () => {
  const { thread, store, budgets } = storeOf();
  const budget = budgets.join('a');
  for (let seed = 20; seed < 220; seed++) {
    const episode = store.get(0, 'c', planOf(seed));
    const { until, leave } = follow(episode, budget, WHOLE);
    await until(() => episode.steps.length > 0);
    leave();
  }
  await settle();
  expect(thread.open.size).toBeLessThanOrEqual(8);
  expect(store.live).toBeLessThanOrEqual(8);
  expect(store.size).toBeLessThan(8 * (128 * 1024 + 64 * 1.5 * 1024));
  expect(budget.held).toBe(0);
});

test('one that is asked for again soon continues where it was', async () => {
  const { thread, store, budgets } = storeOf();
  const episode = store.get(0, 'c', planOf(1));
  const first = follow(episode, budgets.join('a'), 10);
  await first.until(() => episode.steps.length >= 10);
  first.leave();
  expect(store.get(0, 'c', planOf(1))).toBe(episode);
  expect(thread.open.size).toBe(1);
});

test('where memory is short, whoever holds most gives way', async () => {
  const { store, budgets } = storeOf(4e6);
  const [great, small] = [budgets.join('a'), budgets.join('a')];
  const mine = store.get(0, 'c', planOf(0));
  const watching = follow(mine, small, 100);
  await watching.until(() => mine.steps.length >= 100);
  const theirs = [1, 2, 3, 4, 5].map((seed) => store.get(0, 'c', planOf(seed)));
  const refused = () => theirs.filter(({ refusal }) => refusal?.code === 'busy').length;
  const others = theirs.map((episode) => follow(episode, great, WHOLE));
  await Promise.all(
    others.map(({ until }, i) => until(() => !!(theirs[i]!.end ?? theirs[i]!.refusal))),
  );
  expect(refused()).toBeGreaterThan(0);
  expect(refused()).toBeLessThan(5);
  expect(mine.refusal).toBeNull();
  expect(store.size).toBeLessThanOrEqual(4e6);
  mine.want(200);
  await watching.until(() => mine.steps.length >= 200);
});

test('where memory is short, steps that nobody needs any more go before any episode does', async () => {
  const { store, budgets } = storeOf(1.5e6);
  const budget = budgets.join('a');
  const held = (episode: StreamedEpisode) => episode.steps.map(({ plain }) => plain !== '');
  const first = store.get(0, 'c', planOf(1));
  const taking = follow(first, budget, WHOLE / 2, true);
  await taking.until(() => first.steps.length >= WHOLE / 2);
  const rest = [2, 3].map((seed) => store.get(0, 'c', planOf(seed)));
  const others = rest.map((one) => follow(one, budget, WHOLE, true));
  await Promise.all(others.map(({ until }, i) => until(() => rest[i]!.end !== null)));
  expect(store.size).toBeLessThanOrEqual(1.5e6);
  expect(held(first)[0]).toBe(false);
  first.want(WHOLE);
  await taking.until(() => first.end !== null);
  expect(first.refusal).toBeNull();

  // Who has these steps goes on with it, and whoever lacks them gets it from its start.
  expect(store.get(0, 'c', planOf(1), WHOLE) === first).toBe(true);
  const again = store.get(0, 'c', planOf(1));
  expect(again === first).toBe(false);
  await follow(again, budget, 10).until(() => again.steps.length >= 10);
  expect(held(again).every(Boolean)).toBe(true);
});

test('the client with fewer recent steps is served first', async () => {
  const { thread, store, budgets } = storeOf();
  const [greedy, calm] = [budgets.join('a'), budgets.join('a')];
  greedy.spendSteps(100_000);
  const before = Array.from({ length: 100 }, (_, i) => store.get(0, 'c', planOf(100 + i)));
  for (const episode of before) follow(episode, greedy, 64);
  const mine = store.get(0, 'c', planOf(1));
  await follow(mine, calm, 64).until(() => mine.steps.length >= 64);
  // What is being played already, two groups of 32, is not interrupted.
  expect(thread.played.indexOf(1)).toBeLessThanOrEqual(64);
  expect(before.filter(({ steps }) => steps.length < 64).length).toBeGreaterThan(50);
});

test('an episode that fails takes none with it that are played together with it', async () => {
  const { store, budgets } = storeOf();
  const budget = budgets.join('a');
  const [failing, sound] = [13, 14].map((seed) => store.get(0, 'c', planOf(seed))) as [
    StreamedEpisode,
    StreamedEpisode,
  ];
  const followers = [follow(failing, budget, WHOLE), follow(sound, budget, WHOLE)] as const;
  await followers[0].until(() => failing.refusal !== null);
  expect(failing.refusal).toMatchObject({ code: 'failed', message: 'the floor gave way' });
  await followers[1].until(() => sound.end !== null);
});
