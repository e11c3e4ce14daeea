import ort from 'onnxruntime-web';

/** Says where ONNX Runtime's WebAssembly is, before anything is loaded: its address, or the file itself. */
export function setWasm(file: string | Uint8Array<ArrayBuffer>): void {
  if (typeof file === 'string') ort.env.wasm.wasmPaths = { wasm: file };
  else ort.env.wasm.wasmBinary = file.buffer;
}
