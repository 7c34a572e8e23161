import { describe, expect, it } from 'vitest';
import { accountOf, readEnvironment } from '../../functions/environment.ts';

describe('readEnvironment', () => {
  it('gives the values by name', () => {
    expect(readEnvironment({ A: '1', B: '2', C: '3' }, ['A', 'B'])).toEqual({ A: '1', B: '2' });
  });

  it('names everything that is missing or empty', () => {
    expect(() => readEnvironment({ A: '1', B: '' }, ['A', 'B', 'C'])).toThrow(/lacks B, C in its environment/);
  });
});

describe('accountOf', () => {
  it('reads the account of an ARN', () => {
    expect(accountOf('arn:aws:iam::123456789012:role/execution')).toBe('123456789012');
  });

  it.each(['', 'execution', 'arn:aws:s3:::bucket'])('refuses what names none: %j', (arn) => {
    expect(() => accountOf(arn)).toThrow(/names no account/);
  });
});
