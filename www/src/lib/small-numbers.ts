/** A value of the network as the arithmetic view writes it. */
export const text = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && size < 0.001 ? value.toExponential(0) : value.toFixed(size < 10 ? 3 : 1);
};
/** The same for a narrow cell. */
export const short = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(2) : value.toFixed(0));
