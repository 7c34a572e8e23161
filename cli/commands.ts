import type { Terminal } from './terminal.ts';

/** Runs a command with the arguments behind its name; the result is the exit code. */
export type RunCommand = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** A command: what it takes, and its code, which is loaded only when it runs. */
export interface Command {
  readonly usage: string;
  readonly load: () => Promise<RunCommand>;
}

const connection = `  --stack <name>    the controller's stack (default nextcloud-gitops)
  --bucket <name>   the controller's bucket, instead of asking its stack (or NEXTCLOUD_GITOPS_BUCKET)
Region, credentials and endpoint are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL, ...
`;

/** The commands by name. */
export const commands: Readonly<Record<string, Command>> = {
  validate: {
    usage: `ncctl validate <file>... [--json] [--region <region>]

Checks desired-state documents, and says for each mistake where it is.
  --json            print [{"file","issues":[{"path","line","column","message"}]}]
  --region <name>   the region of the controller, which must be the site's
Exit code: 0 no issues, 1 issues, 2 a file can't be read or the usage is wrong.
`,
    load: async () => (await import('./validate.ts')).validate,
  },
  render: {
    usage: `ncctl render <file> --out <directory>

Writes the CloudFormation template of each layer to <directory>/<layer>.template.json, and prints the digest of the site.
Exit code: 0 written, 1 the document has issues, 2 it can't be read or the directory not written.
`,
    load: async () => (await import('./render.ts')).renderCommand,
  },
};

/** The usage of all commands. */
export const usage = `ncctl <command> [arguments]

  validate    check desired-state documents
  render      write the templates of a document's layers
  status      show what the controller says about sites
  reconcile   ask the controller to look at a site now

ncctl <command> --help says more.
`;

export { connection };
