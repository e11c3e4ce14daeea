/** The learner: arithmetic cells, network, actor-critic, and the compiler that makes its graphs fast. */
export { z } from 'zod';
export { Actor, type ActorObservation, type ActorSettings, type ActorStep } from './actor.ts';
export { type Blueprint, loadProgram, makeBlueprint, type ProgramName } from './blueprint.ts';
export type { Cell, CellReading } from './cells/cell.ts';
export { inalu } from './cells/inalu.ts';
export { cells } from './cells/index.ts';
export {
  type Accumulator,
  accumulate,
  nac,
  nacCell,
  nacOptions,
  nacParameters,
  nacWeights,
  type WeightSign,
} from './cells/nac.ts';
export { naluCell } from './cells/nalu.ts';
export { nau } from './cells/nau.ts';
export { nmru } from './cells/nmru.ts';
export { nmu } from './cells/nmu.ts';
export { npu } from './cells/npu.ts';
export { registerCell, registeredCells } from './cells/registry.ts';
export { type CompiledProgram, compile } from './compiler/compile.ts';
export {
  DYNAMIC,
  DYNAMIC_BELOW,
  type DynamicName,
  type Program,
  type TensorSpec,
  type Tensors,
} from './compiler/program.ts';
export {
  type AgentConfig,
  agentConfigSchema,
  ConfigError,
  PRESETS,
  type PresetName,
  type WorldShape,
} from './config.ts';
export type { Encoder, EncoderSettings, LearningEncoder } from './encoder/encoder.ts';
export { FrameTable } from './encoder/frame-table.ts';
export { loadEncoder } from './encoder/load-encoder.ts';
export { PlainEncoder } from './encoder/plain-encoder.ts';
export {
  ENGINES,
  type Engine,
  type EngineName,
  EngineUnavailable,
  type Feeds,
  type Results,
  type Runner,
} from './engines/engine.ts';
export { availableEngines, loadEngine } from './engines/index.ts';
export {
  constant,
  type Initializer,
  normal,
  orthogonal,
  uniform,
  uniformSize,
  xavier,
} from './initializers.ts';
export { rememberActions } from './last-action.ts';
export { fires } from './layers/fires.ts';
export { Learner, type LearningSignals, type LossWeights } from './learner.ts';
export { answerProgram, type BatchedModel, ModelBatch } from './model-batch.ts';
export { createNetwork, type Network, type StepOutput } from './network.ts';
export { Optimizer, type OptimizerSlices, optimizerVectors } from './optimizer.ts';
export { cut, OptimizerSlice, type OptimizerVectors, type Slice } from './optimizer-slice.ts';
export type { OptimizerStep } from './optimizers.ts';
export {
  initialise,
  layoutOf,
  type ParameterLayout,
  type ParameterSpec,
  views,
} from './parameters.ts';
export { configSchemaOf, createPathway, parseConfig } from './pathways/configure.ts';
export {
  instructionNames,
  numbered,
  type Pathway,
  type PathwaySpec,
  type Seen,
} from './pathways/pathway.ts';
export { type Reading, readingOf, trainedAccumulators } from './pathways/reading.ts';
export { pathwaySpec, pathwaySpecs, registerPathway } from './pathways/registry.ts';
export { programsFor, type Recipe } from './programs.ts';
export { generalizedAdvantages, type Transitions } from './returns.ts';
export { type Outcome, Rollout } from './rollout.ts';
export { greedyActions, sampleActions } from './sampling.ts';
export { entropyBonusAt, learningRateAt, pullAt, roundsAfter } from './schedule.ts';
export {
  evaluateFormula,
  type Factor,
  type Formula,
  writeFormula,
} from './second-order/formula.ts';
export {
  type FitState,
  type LeastSquares,
  LevenbergMarquardt,
} from './second-order/levenberg-marquardt.ts';
export { SumOrProduct } from './second-order/sum-or-product.ts';
export * as tf from './tf.ts';
