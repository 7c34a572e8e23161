import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends a run with the line that continuous integration reads: `N passed, N failed`, and `, N skipped` when some were. */
export default class LastLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    // A file or suite that fails outside its tests (a hook, an import) is a failure too, and so is an unhandled error.
    const brokenModules = modules.filter((module) => isBroken(module)).length;
    const failed = count('failed') + brokenModules + errors.length;
    const skipped = count('skipped') + count('pending');
    process.stdout.write(`\n${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}

function isBroken(module: TestModule): boolean {
  const suites = [...module.children.allSuites()];
  return module.errors().length > 0 || suites.some((suite) => suite.errors().length > 0);
}
