import type { LayerStatus, SiteStatus } from '../../controller/status/site-status.ts';

/** The plan of a site for people, as Markdown: how it is, what is planned, what holds it, and what to approve. */
export function planPage(status: SiteStatus): string {
  const { site, sync, health, lastAttemptedRevision, lastAppliedRevision, updatedAt } = status;
  const sections = [
    `# ${plain(site)}`,
    `${sync}, ${health}. Revision ${code(lastAttemptedRevision ?? 'none')}, applied ${code(lastAppliedRevision ?? 'none')}; ${updatedAt}.`,
    list(
      'Conditions',
      status.conditions.map((one) => `**${one.type}** ${one.status} (${one.reason}): ${plain(one.message)}`),
    ),
    list(
      'To correct in the document',
      status.issues.map(
        (issue) => `line ${issue.line}, column ${issue.column}, ${code(issue.path)}: ${plain(issue.message)}`,
      ),
    ),
    list(
      'Held back by',
      status.blockedBy.map((one) => `**${one.gate}** holds ${plain(one.subject)}: ${plain(one.message)}`),
    ),
    ...status.layers.map(layerSection),
    list('Capacity', status.capacity.map(plain)),
    list(
      'History',
      status.history.map((entry) => `${entry.at} ${code(entry.revision)} ${entry.reason}: ${plain(entry.message)}`),
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function layerSection({ layer, stackName, state, message, risk, planDigest, changes }: LayerStatus): string {
  const facts = [
    `## Layer ${layer}: ${plain(state)}`,
    `${code(stackName)}${risk === undefined ? '' : `, ${risk}`}. ${plain(message)}`,
    changes.map((change) => `- ${plain(change)}`).join('\n'),
    planDigest === undefined ? '' : `Plan digest: ${code(planDigest)}`,
  ];
  return facts.filter((fact) => fact.trim() !== '').join('\n\n');
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}

/** Text that came from a document or a service: one line, and nothing in it is Markdown or HTML. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text.replaceAll(/[`\s]+/g, ' ')}\``;
}
