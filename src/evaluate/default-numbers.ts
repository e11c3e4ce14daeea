/** About how many numbers are asked for where nobody says which. */
const TIMES = 30;

/** From the least in training to two and a half times the greatest: 5 to 30 for 5 to 12. */
export function defaultNumbers([least, greatest]: readonly [number, number]): number[] {
  const last = Math.max(least, Math.round(2.5 * greatest));
  const stride = Math.max(1, Math.ceil((last - least) / TIMES));
  return Array.from(
    { length: Math.floor((last - least) / stride) + 1 },
    (_, i) => least + i * stride,
  );
}
