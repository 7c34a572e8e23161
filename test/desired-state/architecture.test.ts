import { describe, expect, it } from 'vitest';
import { architectureOf } from '../../desired-state/architecture.ts';

describe('architectureOf', () => {
  it.each([
    ['m7g.large', 'arm64'],
    ['t4g.nano', 'arm64'],
    ['c6gn.16xlarge', 'arm64'],
    ['is4gen.medium', 'arm64'],
    ['x2gd.metal', 'arm64'],
    ['g5g.xlarge', 'arm64'],
    ['hpc7g.4xlarge', 'arm64'],
    ['a1.medium', 'arm64'],
    ['mac2-m2pro.metal', 'arm64'],
    ['p6e-gb200.36xlarge', 'arm64'],
    ['m7i.large', 'x86_64'],
    ['c7i-flex.large', 'x86_64'],
    ['g6.xlarge', 'x86_64'],
    ['g4dn.xlarge', 'x86_64'],
    ['t3a.micro', 'x86_64'],
    ['mac1.metal', 'x86_64'],
    ['u-6tb1.metal', 'x86_64'],
    ['m7i.metal-24xl', 'x86_64'],
  ])('%s is %s', (type, architecture) => {
    expect(architectureOf(type)).toBe(architecture);
  });

  it.each(['', 'm7g', 'large', 'm7g.huge', 'M7G.large', 'm7g.large ', 'db.m7g.large'])(
    '%j is no instance type',
    (type) => {
      expect(architectureOf(type)).toBeUndefined();
    },
  );
});
