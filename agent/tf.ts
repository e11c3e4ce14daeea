/** TensorFlow.js: its operations with all gradients, and the backend `cpu`, bundled into this package by vendor/build.js. */
export * from '#tensorflow';
