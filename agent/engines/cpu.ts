import { eagerEngine } from './eager.ts';

/** TensorFlow.js in plain JavaScript: the reference that the others are tested against. */
export const engine = eagerEngine('cpu');
