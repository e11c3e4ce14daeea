export interface EventWriter {
  /**
   * @param step frames trained so far
   * @param scalars by tag, e.g. `train/reward`
   * @param wallTime seconds since 1970
   */
  append(step: number, scalars: Record<string, number>, wallTime: number): void;
}
