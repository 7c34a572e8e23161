const outputOf = /^output (\S+) of layer (\S+)$/;
const namedOutputs = 2;

/**
 * What a layer waits for, in few words: many outputs of one layer are counted.
 *
 * @example waits for 12 outputs of layer network, output CertificateArn of layer certificate
 */
export function waitingWords(missing: readonly string[]): string {
  const groups = Map.groupBy(missing, (one) => outputOf.exec(one)?.[2]);
  const words = [...groups].flatMap(([layer, all]) =>
    layer === undefined || all.length <= namedOutputs ? all : [`${all.length} outputs of layer ${layer}`],
  );
  return `waits for ${words.join(', ')}`;
}
