import type { Head } from './lstm-reader.ts';

/** A model of the task. */
export interface LanguageModel {
  readonly label: string;
  /** Of the LSTM; null for the reckoner. */
  readonly head: Head | null;
  /** Whether it learns its targets divided by the greatest one. */
  readonly isScaled: boolean;
  /** As the published figures call it; null if it is not the paper's. */
  readonly published: string | null;
  readonly colour: string;
}

export const MODELS = {
  linear: {
    ...{ label: 'LSTM, linear', head: 'linear', isScaled: false },
    ...{ published: 'LSTM', colour: '#555555' },
  },
  nac: {
    ...{ label: 'LSTM, NAC', head: 'nac', isScaled: false },
    ...{ published: 'LSTM + NAC', colour: '#C98A00' },
  },
  nalu: {
    ...{ label: 'LSTM, NALU', head: 'nalu', isScaled: false },
    ...{ published: 'LSTM + NALU', colour: '#D55E00' },
  },
  scaled: {
    ...{ label: 'LSTM, linear, scaled targets', head: 'linear', isScaled: true },
    ...{ published: null, colour: '#3C9BD0' },
  },
  reckoner: {
    ...{ label: 'reckoner (ours)', head: null, isScaled: false },
    ...{ published: null, colour: '#0072B2' },
  },
} as const satisfies Readonly<Record<string, LanguageModel>>;

export type ReaderName = keyof typeof MODELS;
export const READER_NAMES = Object.keys(MODELS) as ReaderName[];
