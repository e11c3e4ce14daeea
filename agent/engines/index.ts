import type { Program } from '../compiler/program.ts';
import { ENGINES, type Engine, type EngineName, EngineUnavailable, type Runner } from './engine.ts';

const load: Record<EngineName, () => Promise<{ engine: Engine }>> = {
  onnx: () => import('./onnx.ts'),
  wasm: () => import('./wasm.ts'),
  tensorflow: () => import('./tensorflow.ts'),
  cpu: () => import('./cpu.ts'),
};

const REMEDIES: Record<EngineName, string> = {
  onnx: 'ONNX Runtime ships no binary for this platform, or it was not installed',
  wasm: 'install it with "npm install onnxruntime-web@1.30"',
  tensorflow:
    'install it with "npm install @tensorflow/tfjs-node", which works on few machines and not on Node 23 or later',
  cpu: 'this installation of timegrid is damaged',
};

/** @throws EngineUnavailable whose message says why, and which engines load on this machine */
export async function loadEngine(name: EngineName): Promise<Engine> {
  try {
    return (await load[name]()).engine;
  } catch (error) {
    const others = (await availableEngines()).filter((other) => other !== name);
    const reason = (error as Error).message.split('\n')[0]?.trim().replace(/\.$/, '');
    throw new EngineUnavailable(
      `the engine "${name}" cannot be loaded (${reason}): ${REMEDIES[name]}; engines that load here: ${others.join(', ')}`,
    );
  }
}

/** Makes a program ready to run in this thread, compiled where the engine runs compiled ones. */
export async function loadOn(on: EngineName | Engine, program: Program): Promise<Runner> {
  const engine = typeof on === 'string' ? await loadEngine(on) : on;
  if (engine.kind === 'eager') return engine.load(program);
  const { compile } = await import('../compiler/compile.ts');
  return engine.load(compile(program));
}

/** The engines that load on this machine, fastest first. */
export async function availableEngines(): Promise<EngineName[]> {
  const found = await Promise.all(
    ENGINES.map((name) =>
      load[name]().then(
        () => name,
        () => null,
      ),
    ),
  );
  return found.filter((name) => name !== null);
}
