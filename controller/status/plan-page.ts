import type { BlockedBy, LayerStatus, SiteStatus } from './site-status.ts';

/**
 * Text of `status/<site>.plan.md`, for people: what is so, what blocks and what to do about it, and what would change. Whatever comes
 * from a document or from AWS is written as text, never as markup.
 */
export function planPage(status: SiteStatus): string {
  const sections = [
    header(status),
    conditionTable(status),
    issueList(status),
    blockList(status.blockedBy),
    approvalList(status),
    layerTable(status.layers),
    ...status.layers.map(layerSection),
    capacityList(status.capacity),
    historyList(status),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function header(status: SiteStatus): string {
  const lines = [
    `# Site ${plain(status.site)}`,
    '',
    `**${status.sync}**, **${status.health}**. Revision looked at: ${plain(status.lastAttemptedRevision ?? 'none')}; ` +
      `applied: ${plain(status.lastAppliedRevision ?? 'none')}.`,
  ];
  if (status.loadBalancerDnsName !== undefined) lines.push('', `Load balancer: ${plain(status.loadBalancerDnsName)}`);
  if (status.hostedZoneNameServers !== undefined) {
    lines.push('', `Delegate the zone to: ${status.hostedZoneNameServers.map(plain).join(', ')}`);
  }
  return lines.join('\n');
}

function conditionTable({ conditions }: SiteStatus): string {
  const rows = conditions.map(({ type, status, reason, message, lastTransitionTime }, index) => {
    const same = conditions.slice(0, index).find((one) => one.message === message);
    const words = same === undefined ? plain(message) : `as ${same.type}`;
    return `| ${type} | ${status} | ${reason} | ${words} | ${lastTransitionTime} |`;
  });
  return ['| Condition | Status | Reason | Message | Since |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function issueList({ issues }: SiteStatus): string {
  if (issues.length === 0) return '';
  const lines = issues.map(
    ({ line, column, path, message }) => `- line ${line}, column ${column}, \`${code(path)}\`: ${plain(message)}`,
  );
  return ['## To correct in the document', '', ...lines].join('\n');
}

function blockList(blockedBy: readonly BlockedBy[]): string {
  if (blockedBy.length === 0) return '';
  const lines = blockedBy.map(
    ({ gate, subject, reason, message }) => `- **${gate}** holds ${plain(subject)} (${reason}): ${plain(message)}`,
  );
  return ['## What blocks', '', ...lines].join('\n');
}

/** How to approve what waits for it. */
function approvalList({ blockedBy, layers }: SiteStatus): string {
  const held = new Set(blockedBy.filter(({ gate }) => gate === 'approval').map(({ subject }) => subject));
  const digests = layers.flatMap(({ layer, planDigest }) => (held.has(layer) ? (planDigest ?? []) : []));
  if (digests.length === 0) return '';
  const approve = `"approve": [${digests.map((digest) => `"${code(digest)}"`).join(', ')}]`;
  return ['## To approve', '', 'Commit the document with this in its `reconcile`:', '', `    ${approve}`].join('\n');
}

function layerTable(layers: readonly LayerStatus[]): string {
  if (layers.length === 0) return '';
  const rows = layers.map(
    ({ layer, state, message, stackName }) =>
      `| ${layer} | ${plain(state)} | ${plain(message)} | ${plain(stackName)} |`,
  );
  return ['## Layers', '', '| Layer | State | What | Stack |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What would change in a layer; in the order of the table, and only where something would. */
function layerSection({ layer, planDigest, risk, changes }: LayerStatus): string {
  if (planDigest === undefined && changes.length === 0) return '';
  const lines = [`## Changes of ${layer}: ${risk ?? 'risk unknown'}`, ''];
  lines.push(...changes.map((change) => `- ${plain(change)}`));
  if (planDigest !== undefined) lines.push('', `Plan digest: \`${code(planDigest)}\``);
  return lines.join('\n');
}

function capacityList(capacity: readonly string[]): string {
  return capacity.length === 0 ? '' : ['## Capacity', '', ...capacity.map((line) => `- ${plain(line)}`)].join('\n');
}

function historyList({ history }: SiteStatus): string {
  if (history.length === 0) return '';
  const lines = history.map(
    ({ at, revision, reason, message }) => `- ${at} ${plain(revision)} ${reason}: ${plain(message)}`,
  );
  return ['## Lately', '', ...lines].join('\n');
}

/** Text that Markdown and the HTML in it take as text, on one line. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  // Within a word an underscore is one: CREATE_IN_PROGRESS is to be read in the text too.
  return line.replace(/[\\`*[\]<>|#~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) => `\\${character}`);
}

/** Text between backquotes. */
function code(text: string): string {
  return text.replace(/[`\s]+/g, ' ');
}
