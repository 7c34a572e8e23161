import type { Terminal } from './terminal.ts';

/** Runs a command with the arguments behind its name; the result is the exit code. */
export type RunCommand = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** A command: what it takes, and its code, which is loaded only when it runs. */
export interface Command {
  readonly usage: string;
  readonly load: () => Promise<RunCommand>;
}

const controllerUsage = `  --stack <name>      the controller's stack (default nextcloud-gitops), whose outputs tell the rest
  --bucket <name>     its bucket (or NEXTCLOUD_GITOPS_BUCKET)
Region, credentials and endpoint are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and so on.
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
  status: {
    usage: `ncctl status [site] [--json]

Shows what the controller says of a site, or of all sites in a line each.
  --json              print the status file, or a list of all of them
${controllerUsage}Exit code: 0 all shown are Ready, 1 one is not, 2 it can't be known.
`,
    load: async () => (await import('./status.ts')).statusCommand,
  },
  reconcile: {
    usage: `ncctl reconcile <site> [--wait] [--timeout <seconds>]

Asks the controller to look at a site now, and once more to try a plan that has failed. Prints the token of the request.
  --wait              wait until the controller has handled the request, and show the status then
  --timeout <seconds> how long to wait (default 600)
${controllerUsage}  --queue-url <url>   its bell (or NEXTCLOUD_GITOPS_QUEUE_URL)
Exit code: 0 asked, and with --wait the site is Ready; 1 it is not; 2 it could not be asked or did not answer in time.
`,
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
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
