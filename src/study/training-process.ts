/** The process of one training of an agent in a study. */

import type { TrainProgress } from '../train/logbook.ts';
import { serveTraining } from './serve-training.ts';
import { findOrdered, type TrainingOrder, trainAsOrdered } from './train-as-ordered.ts';

serveTraining<TrainingOrder, TrainProgress>(async (order, calls) => {
  await findOrdered(order);
  return trainAsOrdered(order, calls);
});
