// TensorFlow.js would advertise itself, and report each kernel that a second copy of it registers again.
import { enableProdMode } from '@tensorflow/tfjs-core';

enableProdMode();
