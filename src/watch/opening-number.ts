import type { NumberInfo, RewardRow } from './protocol.ts';

/** Episodes of each agent that a number must have before its rewards say anything. */
const ENOUGH = 10;
/** Mean rewards at least this far apart tell agents apart, as a share of the greatest reward. */
const APART = 0.07;
/** How far the charts go, in times the greatest number of training. */
export const CHARTED = 2.5;
/** Where nothing is known of the agents: a third beyond training. */
const BEYOND = 4 / 3;

/**
 * The number that a page without an address shows first: beyond training, where the most agents differ from each other and from a
 * perfect one; of several, the least.
 * @param rows of each agent, for the likeliest actions
 */
export function openingNumber(
  { trained, maxReward }: NumberInfo,
  rows: readonly (readonly RewardRow[])[],
): number {
  let [mostKinds, opening] = [1, Math.max(trained[1] + 1, Math.round(BEYOND * trained[1]))];
  for (const { number } of rows[0] ?? []) {
    if (number <= trained[1] || number > CHARTED * trained[1]) continue;
    const known = rows.map((own) => own.find((row) => row.number === number));
    if (known.some((row) => row === undefined || row.episodes < ENOUGH)) continue;
    const kinds = countKinds(
      [maxReward, ...known.map((row) => row!.meanReward)],
      APART * maxReward,
    );
    if (kinds > mostKinds) [mostKinds, opening] = [kinds, number];
  }
  return opening;
}

/** How many groups rewards fall into that are at least `apart` from each other. */
function countKinds(rewards: readonly number[], apart: number): number {
  const ascending = rewards.toSorted((a, b) => a - b);
  return 1 + ascending.slice(1).filter((reward, i) => reward - ascending[i]! >= apart).length;
}
