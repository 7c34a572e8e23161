import type { LayerStack } from './layer-stack.ts';

/** The private subnets, one a zone, as parameters of a later layer. */
export function privateSubnetsFor(stack: LayerStack): [string, string, string] {
  return [subnet(stack, 'Private', 1), subnet(stack, 'Private', 2), subnet(stack, 'Private', 3)];
}

/** The public subnets, one a zone, as parameters of a later layer. */
export function publicSubnetsFor(stack: LayerStack): [string, string, string] {
  return [subnet(stack, 'Public', 1), subnet(stack, 'Public', 2), subnet(stack, 'Public', 3)];
}

function subnet(stack: LayerStack, kind: 'Public' | 'Private', number: number): string {
  return stack.fromOutput('network', `${kind}Subnet${number}Id`, `${kind} subnet in zone ${number}`);
}
