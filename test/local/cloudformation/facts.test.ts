import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import facts from '../../../local/facts/resource-types.json' with { type: 'json' };

const project = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

describe('the facts of the registry', () => {
  it('are what the schemas of the pinned cfn-lint say', async () => {
    await run(`${project}.venv/bin/python`, ['local/facts/generate.py', '--check'], { cwd: project });
  });

  it('say what replaces, what is read and where tags go', () => {
    expect(facts['AWS::EC2::Subnet'].createOnly).toContain('CidrBlock');
    expect(facts['AWS::RDS::DBInstance'].conditionalCreateOnly).toContain('MultiAZ');
    expect(facts['AWS::RDS::DBInstance'].attributes).toContain('Endpoint.Address');
    expect(facts['AWS::Backup::BackupVault'].tags).toEqual({ property: 'BackupVaultTags', shape: 'map', system: true });
  });
});
