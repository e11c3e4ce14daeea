/**
 * Keeps ONNX Runtime from reporting its use to its makers, as its builds for Linux and macOS do from 1.29 on where this variable is
 * not set before they are loaded. Only what the main thread sets reaches native code: so this is imported by what loads the library,
 * and by what starts threads that do.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1';
