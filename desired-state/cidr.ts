/** An IPv4 block: the first and the last address as numbers, and the length of the prefix. */
export interface Cidr {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const pattern = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}/(3[0-2]|[12]?\\d)$`);

/**
 * Reads an IPv4 block in CIDR notation. Host bits may be set: `first` is the block's own first address, and
 * `isNetworkAddress` tells whether the text named it.
 *
 * @returns undefined when the text is no IPv4 block (leading zeros and octets over 255 are not).
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { first, last: first + size - 1, prefix };
}

/** The block in CIDR notation, for example `10.20.16.0/20`. */
export function formatCidr(block: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(block.first / 2 ** shift) % 256);
  return `${octets.join('.')}/${block.prefix}`;
}

/** Whether the text names the block's own first address: `10.20.0.0/16`, not `10.20.1.0/16`. */
export function isNetworkAddress(text: string): boolean {
  const block = parseCidr(text);
  return block !== undefined && formatCidr(block) === text;
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether the blocks share an address. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The block number `index` of those that cutting `block` into prefixes of `prefix` bits gives. */
export function slice(block: Cidr, prefix: number, index: number): Cidr {
  const size = 2 ** (32 - prefix);
  const first = block.first + index * size;
  return { first, last: first + size - 1, prefix };
}
