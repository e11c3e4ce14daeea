/**
 * Stops ONNX Runtime from reporting its use to its makers, as its builds for Linux and macOS do from 1.29 on unless this variable is
 * set before they load. Native code sees only what the main thread sets, so this is imported where the library is loaded, and
 * where threads are started that load it.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1';
