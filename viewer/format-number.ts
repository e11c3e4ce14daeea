/** A number with so many decimals, and a minus that looks like one. */
export const formatNumber = (value: number, decimals = 1): string => {
  const text = value.toFixed(decimals).replace('-', '−');
  return Number(value.toFixed(decimals)) === 0 ? text.replace('−', '') : text;
};
