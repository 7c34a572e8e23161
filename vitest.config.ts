import { defineConfig } from 'vitest/config';
import LastLineReporter from './test/last-line-reporter.ts';

// Three projects: `vitest run --project unit` is the quick one. A test of `local` or `e2e` starts the local AWS that it
// needs itself, in beforeAll (0.3 s, 140 MB, a free port and directories of its own), and stops it in afterAll:
//   let aws: LocalAws;
//   beforeAll(async () => { aws = await startLocalAws(); });
//   afterAll(() => aws.stop()); // rejects when a request broke AWS's service models
export default defineConfig({
  test: {
    reporters: ['default', new LastLineReporter()],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/local/**', 'test/e2e/**'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'local',
          include: ['test/local/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Mostly waiting for the local AWS: two at a time.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
