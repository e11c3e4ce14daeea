import { serveWorker } from '../../dist/src/common/serve-worker.js';

const order = [];

serveWorker(
  {
    add: ({ a, b }) => a + b,
    order: () => order,
    async slowly(milliseconds) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      order.push(milliseconds);
    },
    count(to, { emit }) {
      for (let i = 0; i < to; i++) emit(i);
      return 'counted';
    },
    memory(size, { moved }) {
      const bytes = new Uint8Array(size).fill(7);
      moved.push(bytes.buffer);
      return bytes;
    },
    fail(properties) {
      throw Object.assign(new Error('it failed'), properties);
    },
    exit: (code) => process.exit(code),
    throwLater: () =>
      void setImmediate(() => {
        throw new Error('too late');
      }),
    stayAwake: () => void setInterval(() => {}, 1000),
  },
  () => order.push('closed'),
);
