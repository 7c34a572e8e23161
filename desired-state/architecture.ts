/** A processor architecture as EC2 names it (`DescribeImages`, `DescribeInstanceTypes`). */
export type Architecture = 'arm64' | 'x86_64';

const shape = /^([a-z]+)(\d*)([a-z]*)((?:-[a-z0-9]+)*)\.(?:nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/;

/**
 * The architecture of an EC2 instance type, read from its name: the attribute `g` behind the generation means AWS Graviton
 * (m7g, c6gn, is4gen), and so do the first Graviton family a1, Apple silicon (mac2 and later) and the Grace superchips
 * (p6e-gb200); everything else is x86_64. A graphics family's own `g` (g6, g4dn) stands before the generation and does not count.
 *
 * The rule is https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 *
 * @returns undefined when the text has not the form of an instance type
 */
export function architectureOf(instanceType: string): Architecture | undefined {
  const match = shape.exec(instanceType);
  if (match === null) return undefined;
  const [, series = '', generation = '', attributes = '', options = ''] = match;
  const graviton = attributes.includes('g') || series === 'a';
  const grace = /^-gb\d/.test(options);
  const appleSilicon = series === 'mac' && Number(generation) >= 2;
  return graviton || grace || appleSilicon ? 'arm64' : 'x86_64';
}
