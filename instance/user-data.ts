import packed from './node-files.json' with { type: 'json' };

/** What a node's user data is made from: no secret, and nothing that only AWS knows. */
export interface UserDataInputs {
  /** Name of the SSM parameter with the node's configuration. */
  readonly nodeParameter: string;
  /** Name of the SSM parameter with the CloudWatch agent's configuration. */
  readonly agentParameter: string;
  readonly phpFpmChildren: number;
  readonly cronIntervalMinutes: number;
  /** Changes whenever a commit changes what the node reads from its parameter: a new launch template version, and so a rollout. */
  readonly configurationDigest: string;
}

/** EC2's limit before encoding: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
export const userDataLimitBytes = 16_384;

interface NodeFile {
  /** Name below `files/`. */
  readonly source: keyof typeof packed;
  /** Where it goes on the node. */
  readonly path: string;
  readonly mode: string;
}

const nodeFiles: readonly NodeFile[] = [
  { source: 'configure-node.py', path: '/opt/nextcloud-node/configure-node', mode: '0755' },
  { source: 'health.php', path: '/opt/nextcloud-node/health.php', mode: '0644' },
  { source: 'cron.php', path: '/opt/nextcloud-node/cron.php', mode: '0644' },
  { source: 'nginx.conf', path: '/etc/nginx/nginx.conf', mode: '0644' },
  { source: 'php-fpm.conf', path: '/etc/php-fpm.d/nextcloud.conf', mode: '0644' },
  { source: 'php.ini', path: '/etc/php.d/99-nextcloud.ini', mode: '0644' },
  { source: 'nextcloud-cron.service', path: '/etc/systemd/system/nextcloud-cron.service', mode: '0644' },
  { source: 'nextcloud-cron.timer', path: '/etc/systemd/system/nextcloud-cron.timer', mode: '0644' },
];

const endOfFile = 'END_OF_NODE_FILE';

/** Values stand in shell, nginx and systemd syntax unquoted: nothing else than this may reach them. */
const safeValue = /^[\w./-]{1,256}$/;

/**
 * The user data of a node: one shell script that carries the node's files. The files are those of `files/`, packed
 * without comments into `node-files.json`.
 *
 * @throws Error when a value could be read as syntax, or when the script is over EC2's limit
 */
export function userData(inputs: UserDataInputs): string {
  const text = embedded(packed['user-data.sh'], filled(inputs));
  const bytes = Buffer.byteLength(text);
  if (bytes > userDataLimitBytes) throw new Error(`user data has ${bytes} bytes, EC2 takes ${userDataLimitBytes}`);
  return text;
}

function embedded(script: string, fill: (text: string) => string): string {
  const files = nodeFiles.map(
    ({ source, path, mode }) =>
      `install -D -m ${mode} /dev/stdin ${path} <<'${endOfFile}'\n${fill(packed[source])}${endOfFile}\n`,
  );
  // A function as replacement: `$` in the files is theirs.
  return fill(script).replace('@@FILES@@\n', () => files.join(''));
}

/** A function that puts the values in place of `@@NAME@@`. */
function filled(inputs: UserDataInputs): (text: string) => string {
  const values: Readonly<Record<string, string>> = {
    NODE_PARAMETER: inputs.nodeParameter,
    AGENT_PARAMETER: inputs.agentParameter,
    FPM_CHILDREN: String(inputs.phpFpmChildren),
    CRON_MINUTES: String(inputs.cronIntervalMinutes),
    DIGEST: inputs.configurationDigest,
  };
  return (text) =>
    text.replaceAll(/@@([A-Z_]+)@@/g, (placeholder, name: string) => {
      if (name === 'FILES') return placeholder;
      const value = values[name];
      if (value === undefined || !safeValue.test(value)) {
        throw new Error(`user data: ${JSON.stringify(value)} is no value for ${placeholder}`);
      }
      return value;
    });
}
