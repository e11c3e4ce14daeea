/** A person's moves, which may outrun the server: each is sent once the one before it has been answered. */
export class MoveQueue {
  readonly #moves: number[] = [];
  #sent = 0;
  #answered = 0;

  add(action: number): void {
    this.#moves.push(action);
  }

  /** The next move to send; null: there is none, or an answer is still awaited. */
  next(): { readonly step: number; readonly action: number } | null {
    const action = this.#moves[this.#sent];
    if (this.#answered < this.#sent || action === undefined) return null;
    return { step: this.#sent++, action };
  }

  /** Some moves were answered. */
  answer(count: number): void {
    this.#answered += count;
  }

  /** After a reconnection: @returns the first `known` moves, which were answered and must be repeated at once */
  repeat(known: number): number[] {
    this.#sent = known;
    this.#answered = 0;
    return this.#moves.slice(0, known);
  }

  /** A move was refused: it and those after it are dropped. */
  refuse(): void {
    this.#moves.length = this.#answered;
    this.#sent = this.#answered;
  }
}
