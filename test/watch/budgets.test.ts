import { describe, expect, test } from 'vitest';
import { Allowance } from '../../src/watch/allowance.ts';
import {
  type BudgetLimits,
  type ClientBudget,
  ClientBudgets,
} from '../../src/watch/client-budget.ts';
import { Turns, type TurnTaker } from '../../src/watch/turns.ts';

/** Time that passes only when a test says so. */
class Clock {
  time = 0;
  reads = 0;
  readonly now = () => {
    this.reads += 1;
    return this.time;
  };
  readonly #soon: (() => void)[] = [];
  #later: { at: number; action: () => void }[] = [];

  readonly scheduling = {
    now: this.now,
    soon: (action: () => void) => void this.#soon.push(action),
    after: (milliseconds: number, action: () => void) => {
      const timer = { at: this.time + milliseconds, action };
      this.#later.push(timer);
      return () => {
        this.#later = this.#later.filter((one) => one !== timer);
      };
    },
  };

  /** Lets whatever is due happen. @returns whether there was anything */
  run(): boolean {
    const due = this.#later.filter(({ at }) => at <= this.time);
    this.#later = this.#later.filter(({ at }) => at > this.time);
    const actions = [...this.#soon.splice(0), ...due.map(({ action }) => action)];
    for (const action of actions) action();
    return actions.length > 0;
  }

  /** Goes to the next timer. @returns the time */
  sleep(): number {
    this.time = Math.max(this.time, Math.min(...this.#later.map(({ at }) => at)));
    return this.time;
  }
}

test('an allowance is spent, may be overdrawn, and comes back with time', () => {
  const clock = new Clock();
  const allowance = new Allowance({ perSecond: 10, most: 5 }, clock.now);
  allowance.spend(3);
  expect([allowance.spent(), allowance.wait()]).toEqual([3, 0]);
  allowance.spend(4);
  expect([allowance.spent(), allowance.wait()]).toEqual([7, 200]);
  clock.time = 200;
  expect(allowance.wait()).toBe(1); // it takes more than nothing
  clock.time = 201;
  expect(allowance.wait()).toBe(0);
  clock.time = 1e6;
  expect(allowance.spent()).toBe(0);
});

const plenty = { perSecond: 1, most: 1e9 };
/** 100 ms of computing a second for a client, and 150 ms for an address. */
const limits = (most = 100): BudgetLimits => ({
  client: {
    messages: { perSecond: 2, most: 4 },
    computing: { perSecond: 100, most },
    steps: plenty,
  },
  address: { messages: plenty, computing: { perSecond: 150, most: 1.5 * most }, steps: plenty },
});

describe('budgets', () => {
  test('a client that has spent its messages or its computing waits, and nobody else', () => {
    const clock = new Clock();
    const budgets = new ClientBudgets(limits(), clock.now);
    const [chatty, busy, calm] = [budgets.join('a'), budgets.join('b'), budgets.join('b')];
    chatty.spendMessages(5);
    busy.spendComputing(110);
    expect([chatty.wait(clock.time), busy.wait(clock.time), calm.wait(clock.time)]).toEqual([
      500, 100, 0,
    ]);
  });

  test('all clients of an address wait once they have spent its budget together, and no other address', () => {
    const clock = new Clock();
    const budgets = new ClientBudgets(limits(), clock.now);
    const [first, second, other] = [budgets.join('a'), budgets.join('a'), budgets.join('b')];
    first.spendComputing(90);
    second.spendComputing(90);
    expect([first.wait(clock.time), second.wait(clock.time), other.wait(clock.time)]).toEqual([
      200, 200, 0,
    ]);
  });

  test('a new connection is no new budget for its address, until that has recovered', () => {
    const clock = new Clock();
    const budgets = new ClientBudgets(limits(), clock.now);
    const before = budgets.join('a');
    before.spendComputing(300);
    budgets.leave(before);
    const after = budgets.join('a');
    expect(after.wait(clock.time)).toBe(1000);
    budgets.leave(after);
    clock.time = 10_000;
    budgets.join('b');
    expect(budgets.addresses).toBe(1);
  });
});

/** Somebody with some turns' worth of work, each of so many milliseconds. */
class Worker implements TurnTaker {
  readonly budget: ClientBudget;
  readonly #clock: Clock;
  readonly #log: string[];
  readonly #name: string;
  left: number;

  constructor(name: string, left: number, budgets: ClientBudgets, clock: Clock, log: string[]) {
    this.budget = budgets.join(name);
    this.#clock = clock;
    this.#log = log;
    this.#name = name;
    this.left = left;
  }

  takeTurn(isOver: () => boolean): boolean {
    this.#log.push(this.#name);
    while (this.left > 0 && !isOver()) {
      this.left -= 1;
      this.#clock.time += 1;
    }
    return this.left > 0;
  }
}

describe('turns', () => {
  function three(most: number, work: [number, number, number]) {
    const clock = new Clock();
    const budgets = new ClientBudgets(limits(most), clock.now);
    const turns = new Turns(clock.scheduling);
    const log: string[] = [];
    const workers = work.map((left, i) => new Worker('abc'[i]!, left, budgets, clock, log));
    return { clock, turns, log, workers };
  }

  test('are short, and go to whoever has used least', () => {
    const { clock, turns, log, workers } = three(1e6, [30, 6, 6]);
    const [greedy, second, third] = workers as [Worker, Worker, Worker];
    turns.want(greedy);
    clock.run();
    expect(log.join('')).toBe('aaa'); // then others are looked at
    turns.want(second);
    turns.want(third);
    while (clock.run());
    expect(log.join('')).toMatch(/^aaa(bcbc|bccb|cbcb|cbbc)a+$/);
    expect(workers.map(({ left }) => left)).toEqual([0, 0, 0]);
  });

  test('cost a few looks at the clock each, however many wait for one', () => {
    const readsOf = (count: number) => {
      const clock = new Clock();
      const budgets = new ClientBudgets(limits(1e6), clock.now);
      const turns = new Turns(clock.scheduling);
      for (let i = 0; i < count; i++) turns.want(new Worker(`${i}`, 1, budgets, clock, []));
      clock.reads = 0;
      while (clock.run());
      return clock.reads / count;
    };
    expect(readsOf(400)).toBeLessThan(readsOf(4) + 1);
  });

  test('are not given to whoever has spent the budget, for just so long', () => {
    const { clock, turns, log, workers } = three(20, [60, 3, 0]);
    const [greedy, calm] = workers as [Worker, Worker, Worker];
    turns.want(greedy);
    while (clock.run());
    const { left } = greedy;
    expect(left).toBeGreaterThan(30);
    // While it waits, another has its turn at once.
    turns.want(calm);
    while (clock.run());
    expect(log.at(-1)).toBe('b');
    expect([greedy.left, calm.left]).toEqual([left, 0]);
    while (greedy.left > 0) {
      clock.sleep();
      while (clock.run());
    }
    // 60 ms of computing, of which 20 at once and 100 in a second.
    expect(clock.time).toBeGreaterThanOrEqual(370);
    expect(clock.time).toBeLessThan(500);
  });

  test('end with whoever leaves', () => {
    const { clock, turns, log, workers } = three(1e6, [30, 6, 6]);
    turns.want(workers[0]!);
    turns.leave(workers[0]!);
    while (clock.run());
    expect(log).toEqual([]);
  });
});
