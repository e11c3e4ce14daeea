import { Allowance, type Rate } from './allowance.ts';

/** What a client, or all clients of one address together, may use. */
export interface ClientLimits {
  readonly messages: Rate;
  /** Milliseconds of the server's own thread. */
  readonly computing: Rate;
  /**
   * Steps that agents play for it, in each pane. There is no limit, since an agents' thread that has nothing else to do may as well
   * play these: the client with the fewest recent ones goes first.
   */
  readonly steps: Rate;
}

export interface BudgetLimits {
  readonly client: ClientLimits;
  readonly address: ClientLimits;
}

export const BUDGET_LIMITS: BudgetLimits = {
  client: {
    messages: { perSecond: 200, most: 600 },
    computing: { perSecond: 250, most: 1_000 },
    steps: { perSecond: 200, most: 100_000 },
  },
  // All programs of this machine have one address, and so may a classroom.
  address: {
    messages: { perSecond: 5_000, most: 20_000 },
    computing: { perSecond: 800, most: 4_000 },
    steps: { perSecond: 2_000, most: 1_000_000 },
  },
};

/** How much less what its whole address has used counts against a client than what it has used itself. */
const ADDRESS_SHARE = 20;

class Allowances {
  readonly messages: Allowance;
  readonly computing: Allowance;
  readonly steps: Allowance;
  clients = 0;

  constructor({ messages, computing, steps }: ClientLimits, now: () => number) {
    this.messages = new Allowance(messages, now);
    this.computing = new Allowance(computing, now);
    this.steps = new Allowance(steps, now);
  }

  wait(now: number): number {
    return Math.max(this.messages.wait(now), this.computing.wait(now));
  }

  get isRested(): boolean {
    return this.messages.spent() + this.computing.spent() + this.steps.spent() === 0;
  }
}

/** What one client uses, which counts against its address too. */
export class ClientBudget {
  readonly address: string;
  /** Bytes of the episodes that it follows. */
  held = 0;
  readonly #own: Allowances;
  readonly #shared: Allowances;

  constructor(address: string, own: Allowances, shared: Allowances) {
    this.address = address;
    this.#own = own;
    this.#shared = shared;
  }

  spendMessages(count: number): void {
    for (const { messages } of [this.#own, this.#shared]) messages.spend(count);
  }

  spendComputing(milliseconds: number): void {
    for (const { computing } of [this.#own, this.#shared]) computing.spend(milliseconds);
  }

  spendSteps(count: number): void {
    for (const { steps } of [this.#own, this.#shared]) steps.spend(count);
  }

  /** Milliseconds for which nothing is done for it; 0 where it has something to spend. @param now by the clock of the budgets */
  wait(now: number): number {
    return Math.max(this.#own.wait(now), this.#shared.wait(now));
  }

  /** Its recent computing: the client with the least goes first. */
  computed(now: number): number {
    return this.#own.computing.spent(now) + this.#shared.computing.spent(now) / ADDRESS_SHARE;
  }

  /** Recent steps of agents that were played for it. */
  get stepped(): number {
    return this.#own.steps.spent() + this.#shared.steps.spent() / ADDRESS_SHARE;
  }

  /** Clients of its address, itself included. */
  get neighbours(): number {
    return this.#shared.clients;
  }
}

/** The budgets of all clients. What an address has used outlives its connections, so that a new one is not a new budget. */
export class ClientBudgets {
  readonly #limits: BudgetLimits;
  readonly #now: () => number;
  readonly #addresses = new Map<string, Allowances>();

  constructor(
    limits: BudgetLimits = BUDGET_LIMITS,
    now: () => number = performance.now.bind(performance),
  ) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Addresses that are remembered. */
  get addresses(): number {
    return this.#addresses.size;
  }

  /** Another client. It has to `leave` some time. */
  join(address: string): ClientBudget {
    for (const [other, { clients, isRested }] of this.#addresses) {
      if (clients === 0 && isRested) this.#addresses.delete(other);
    }
    const shared = this.#addresses.get(address) ?? new Allowances(this.#limits.address, this.#now);
    this.#addresses.set(address, shared);
    shared.clients += 1;
    return new ClientBudget(address, new Allowances(this.#limits.client, this.#now), shared);
  }

  leave({ address }: ClientBudget): void {
    this.#addresses.get(address)!.clients -= 1;
  }
}
