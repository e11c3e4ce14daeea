import type { EpisodeOutcome, NumberInfo } from '../src/watch/protocol.ts';
import { rowsKey, type State } from './state.ts';

/** How an episode went, and whether it was played at all. */
export type OutcomeKind = 'exact' | 'early' | 'late' | 'wrong' | 'never' | 'unplayed';

const KINDS: Readonly<Record<EpisodeOutcome, OutcomeKind>> = {
  '=': 'exact',
  '<': 'early',
  '>': 'late',
  '~': 'wrong',
  x: 'never',
};

/** The kinds, and what marks each besides its colour. */
export const MARKS: Readonly<Record<OutcomeKind, string>> = {
  exact: '✓',
  early: '‹',
  late: '›',
  wrong: '≠',
  never: '×',
  unplayed: '',
};

/** @param outcomes of the episodes at one number, as the server writes them */
export const outcomeAt = (outcomes: string | undefined, index: number): OutcomeKind =>
  KINDS[outcomes?.[index] as EpisodeOutcome] ?? 'unplayed';

/** The first episode that was not exact; 0 where none is known. */
export const firstInexact = (outcomes = ''): number => Math.max(0, outcomes.search(/[^=.]/));

/** A kind in words, for a world whose number counts steps or something else. */
export function outcomeText(
  kind: OutcomeKind,
  { countsSteps, stepsEach }: Pick<NumberInfo, 'countsSteps' | 'stepsEach'>,
): string {
  const inSteps = countsSteps || stepsEach !== undefined;
  switch (kind) {
    case 'exact':
      return inSteps ? 'on time' : 'exact';
    case 'early':
      return inSteps ? 'early' : 'too few';
    case 'late':
      return inSteps ? 'late' : 'too many';
    case 'wrong':
      return 'another number missed';
    case 'never':
      return inSteps ? 'never arrived' : 'not done';
    case 'unplayed':
      return 'not played yet';
  }
}

/** Rows of the map. */
const MOST_NUMBERS = 100;
/** A column is shown if at least this share of its episodes was played, so that single ones far off do not widen the map. */
const PLAYED = 0.1;

/** An agent's rows of the map: outcomes, and the count of exact episodes in words. */
export type MappedAgent = ReadonlyMap<
  number,
  { readonly outcomes: string; readonly share: string }
>;

/** What the map of all episodes shows; of more numbers than it has room for, those with the most episodes. */
export function mapEpisodes({
  agents,
  rows,
  outcomes,
  policy,
}: Pick<State, 'agents' | 'rows' | 'outcomes' | 'policy'>): {
  readonly numbers: readonly number[];
  readonly columns: number;
  readonly byAgent: readonly MappedAgent[];
} {
  const keys = agents.map((_, agent) => rowsKey(agent, policy));
  const counts = new Map<number, number>();
  for (const { number, episodes } of keys.flatMap((key) => rows.get(key) ?? []))
    counts.set(number, (counts.get(number) ?? 0) + episodes);
  const numbers = [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, MOST_NUMBERS)
    .map(([number]) => number)
    .sort((one, other) => one - other);
  const shown = new Set(numbers);
  const byAgent = keys.map(
    (key) =>
      new Map(
        (rows.get(key) ?? [])
          .filter(({ number }) => shown.has(number))
          .map(({ number, exact, episodes }) => [
            number,
            {
              outcomes: outcomes.get(key)?.get(number) ?? '',
              share: `${Math.round(exact * episodes)} of ${episodes}`,
            },
          ]),
      ),
  );
  const played: number[] = [];
  for (const row of byAgent.flatMap((own) => [...own.values()])) {
    [...row.outcomes].forEach((outcome, index) => {
      if (outcome !== '.') played[index] = (played[index] ?? 0) + 1;
    });
  }
  const enough = PLAYED * numbers.length * agents.length;
  const columns = 1 + played.findLastIndex((count) => count >= enough);
  return { numbers, columns, byAgent };
}
