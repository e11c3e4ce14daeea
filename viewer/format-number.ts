/** A number with a fixed count of decimals and a real minus sign; zero is never negative. */
export const formatNumber = (value: number, decimals = 1): string => {
  const text = value.toFixed(decimals).replace('-', '−');
  return Number(value.toFixed(decimals)) === 0 ? text.replace('−', '') : text;
};
