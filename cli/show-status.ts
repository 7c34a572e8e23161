import type { Condition } from '../controller/status/conditions.ts';
import type { LayerStatus, SiteStatus } from '../controller/status/site-status.ts';
import type { Style, Terminal } from './terminal.ts';

/** Whether the site is as its document says, and healthy. */
export const isReady = (status: SiteStatus): boolean => readyOf(status)?.status === 'True';

const readyOf = ({ conditions }: SiteStatus): Condition | undefined => conditions.find(({ type }) => type === 'Ready');

/** One line a site. */
export function showOverview(statuses: readonly SiteStatus[], terminal: Terminal): string {
  const rows = statuses.map((status): Row => {
    const ready = readyOf(status);
    return [
      [status.site, 'bold'],
      [isReady(status) ? 'Ready' : 'not Ready', isReady(status) ? 'green' : 'red'],
      [status.sync],
      [status.health],
      [ready?.reason ?? ''],
      [shortened(ready?.message ?? '')],
    ];
  });
  return table(
    [['SITE', 'READY', 'SYNC', 'HEALTH', 'REASON', 'MESSAGE'].map((title): Cell => [title, 'dim']), ...rows],
    terminal,
    '',
  );
}

const longestOverview = 100;

function shortened(message: string): string {
  return message.length > longestOverview ? `${message.slice(0, longestOverview - 1)}…` : message;
}

/** All that is said of one site. */
export function showSite(status: SiteStatus, terminal: Terminal): string {
  const { site, sync, health } = status;
  const paragraphs = [
    `${table([[[site, 'bold'], [sync], [health], [`updated ${status.updatedAt}`, 'dim']]], terminal, '')}`,
    titled('Conditions', status.conditions.map(conditionRow), terminal),
    titled('Revisions', revisionRows(status), terminal),
    titled(
      'Held back by',
      status.blockedBy.map((one): Row => [[one.gate, 'yellow'], [one.subject], [one.reason], [one.message]]),
      terminal,
    ),
    titled(
      'Issues of the document',
      status.issues.map((one): Row => [[`${one.line}:${one.column}`], [one.path, 'cyan'], [one.message]]),
      terminal,
    ),
    layersText(status.layers, terminal),
    titled(
      'Capacity',
      status.capacity.map((line): Row => [[line]]),
      terminal,
    ),
    titled('Addresses', addressRows(status), terminal),
    titled(
      'History',
      status.history.map((one): Row => [[one.at, 'dim'], [one.revision], [one.reason], [one.message]]),
      terminal,
    ),
  ];
  return paragraphs.filter((text) => text !== '').join('\n');
}

const badWhenTrue = new Set(['Stalled']);

function conditionRow(
  { type, status, reason, message, lastTransitionTime }: Condition,
  index: number,
  all: readonly Condition[],
): Row {
  const same = all.slice(0, index).find((one) => one.message === message && message !== '');
  const good = (status === 'True') !== badWhenTrue.has(type);
  const style: Style = type === 'Reconciling' ? 'yellow' : good ? 'green' : 'red';
  return [
    [type],
    [status, style],
    [reason],
    [`since ${lastTransitionTime}`, 'dim'],
    same === undefined ? [message] : [`as ${same.type}`, 'dim'],
  ];
}

function revisionRows(status: SiteStatus): Row[] {
  const rows: [string, string | undefined][] = [
    ['attempted', status.lastAttemptedRevision],
    ['applied', status.lastAppliedRevision],
    ['failed', status.lastFailedRevision],
    ['requested', status.lastHandledReconcileAt],
    ['next look', status.nextLookAt],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[[name], [value]] satisfies Row]));
}

function addressRows({ loadBalancerDnsName, hostedZoneNameServers }: SiteStatus): Row[] {
  const balancer = loadBalancerDnsName === undefined ? [] : [loadBalancerDnsName];
  return [
    ...balancer.map((name): Row => [['load balancer'], [name]]),
    ...(hostedZoneNameServers ?? []).map((name): Row => [['name server'], [name]]),
  ];
}

/** Each layer with its changes below it, and the digest to approve. */
function layersText(layers: readonly LayerStatus[], terminal: Terminal): string {
  if (layers.length === 0) return '';
  const rows = layers.map(({ layer, state, risk, message }): Row => [[layer], [state], [risk ?? ''], [message]]);
  const lines = table(rows, terminal).split('\n').slice(0, -1);
  const blocks = layers.map(({ planDigest, changes }, index) => {
    const plan = planDigest === undefined ? [] : [`plan ${planDigest}`];
    const below = [...plan, ...changes].map((text) => `      ${terminal.style('dim', terminal.printable(text))}`);
    return [lines[index] ?? '', ...below].join('\n');
  });
  return `${terminal.style('bold', 'Layers')}\n${blocks.join('\n')}\n`;
}

type Cell = readonly [text: string, style?: Style];
type Row = readonly Cell[];

function titled(title: string, rows: readonly Row[], terminal: Terminal): string {
  return rows.length === 0 ? '' : `${terminal.style('bold', title)}\n${table(rows, terminal)}`;
}

/** Columns as wide as their widest cell; the last one is as long as it is. */
function table(rows: readonly Row[], { style, printable }: Terminal, indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, [text]] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, printable(text).length);
  }
  const cellText = ([text, emphasis]: Cell, index: number, row: Row): string => {
    const shown = printable(text);
    const padding = index === row.length - 1 ? '' : ' '.repeat((widths[index] ?? 0) - shown.length);
    return `${emphasis === undefined ? shown : style(emphasis, shown)}${padding}`;
  };
  return rows.map((row) => `${indent}${row.map(cellText).join('  ').trimEnd()}\n`).join('');
}
