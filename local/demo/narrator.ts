import { styleText } from 'node:util';

/** How one scene went: the form that `--json` prints. */
export interface SceneResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly detail: string;
}

/** Tells a person what happens; machine-readable output goes elsewhere. */
export interface Narrator {
  /** A scene begins. */
  scene(name: string, title: string): void;
  /** Something happened in it. */
  tell(line: string): void;
  /** It ended. */
  ended(result: SceneResult): void;
  /** All ended. */
  summary(results: readonly SceneResult[]): void;
}

/** Lines with the seconds since the start; colours only where the stream is a terminal that wants them. */
export function narrate(stream: NodeJS.WriteStream): Narrator {
  const start = performance.now();
  const style = (format: Parameters<typeof styleText>[0], text: string) => styleText(format, text, { stream });
  const write = (text: string) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    stream.write(`${style('dim', `${seconds}s`)}  ${text}\n`);
  };
  return {
    scene: (name, title) => write(`${style('bold', name)}  ${title}`),
    tell: (line) => write(`  ${line}`),
    ended: (result) => {
      const mark = result.ok ? style('green', 'seen') : style('red', 'NOT SEEN');
      write(`  ${mark}: ${result.detail} (${result.seconds.toFixed(1)} s)`);
    },
    summary: (results) => {
      stream.write('\n');
      for (const result of results) {
        const mark = result.ok ? style('green', 'ok  ') : style('red', 'FAIL');
        stream.write(
          `  ${mark}  ${result.name.padEnd(8)}  ${result.seconds.toFixed(1).padStart(5)} s  ${result.detail}\n`,
        );
      }
    },
  };
}
