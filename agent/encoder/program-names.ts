/** One layer of the shared encoder, forward and backward. */
export type SharedProgramName = `${'drive' | `conv${number}`}${'' | 'Backward'}`;

/** The programs of the encoder. */
export type EncoderProgramName = 'encode' | 'encodeBackward' | SharedProgramName;

export const sharedProgramNames = ({
  convolutions,
}: {
  readonly convolutions: readonly object[];
}): SharedProgramName[] =>
  [...convolutions.map((_, i) => `conv${i + 1}` as const), 'drive' as const].flatMap((layer) => [
    layer,
    `${layer}Backward` as const,
  ]);
