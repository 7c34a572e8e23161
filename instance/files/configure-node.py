#!/usr/bin/python3
"""Writes what this node knows of its site, from one SSM parameter and the secrets that it names.

Usage: configure-node PARAMETER. Needs AWS_DEFAULT_REGION and INSTANCE_ID. Prints no secret.
"""

import json
import os
import subprocess
import sys
import tempfile
import zlib

CONFIG = "/etc/nextcloud"
STATE = "/var/lib/nextcloud-node"
MOUNT = "/mnt/nextcloud"
CODE = "/var/www/nextcloud"
CA = "/etc/pki/rds/global-bundle.pem"
WEB = 33


class NoValue(Exception):
    # A secret that exists and holds nothing yet.
    pass


def aws(*arguments):
    run = subprocess.run(["aws", *arguments, "--output", "json"], check=False, capture_output=True, text=True)
    if run.returncode == 0:
        return json.loads(run.stdout)
    if "ResourceNotFoundException" in run.stderr and "AWSCURRENT" in run.stderr:
        raise NoValue
    sys.exit(f"configure-node: aws {' '.join(arguments[:2])}: {run.stderr.strip()}")


def secret(arn):
    return json.loads(aws("secretsmanager", "get-secret-value", "--secret-id", arn)["SecretString"])


def write(path, text, mode, owner):
    # A reader sees the old file or the new one, never half of it.
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(temporary, mode)
    os.chown(temporary, owner, owner)
    os.replace(temporary, path)


def php(values, more=""):
    # The values as one line of JSON in a nowdoc: no character of theirs can end it.
    return f"<?php\n$CONFIG = json_decode(<<<'JSON'\n{json.dumps(values)}\nJSON, true);\n{more}"


def site_config(node, database, cache, installed):
    host = node["host"]
    return {
        "datadirectory": f"{MOUNT}/data",
        "tempdirectory": "/var/tmp/nextcloud",
        "logfile": "/var/log/nextcloud/nextcloud.log",
        "appstoreenabled": False,
        "updatechecker": False,
        "upgrade.disable-web": True,
        "preview_concurrency_all": 8,
        "preview_concurrency_new": 4,
        "maintenance_window_start": 1,
        # The document's own settings; what follows belongs to the infrastructure and wins.
        **node["nextcloud"]["config"],
        # Who installs Nextcloud has to write its configuration once.
        "config_is_read_only": installed,
        "trusted_domains": [host],
        "trusted_proxies": node["trustedProxies"],
        "overwriteprotocol": "https",
        "overwritehost": host,
        "overwrite.cli.url": f"https://{host}",
        "dbtype": "mysql",
        "dbhost": f"{node['database']['host']}:{node['database']['port']}",
        "dbname": node["database"]["name"],
        "dbuser": database["username"],
        "dbpassword": database["password"],
        "dbtableprefix": "oc_",
        "dbpersistent": False,
        "mysql.utf8mb4": True,
        "memcache.local": "\\OC\\Memcache\\APCu",
        "memcache.distributed": "\\OC\\Memcache\\Redis",
        "memcache.locking": "\\OC\\Memcache\\Redis",
        "redis": {
            "host": f"tls://{node['cache']['host']}",
            "port": int(node["cache"]["port"]),
            "password": cache["password"],
            "timeout": 3,
        },
    }


def check_version(declared):
    # Nodes of two versions must never serve one database.
    with open(f"{CODE}/version.php", encoding="utf-8") as file:
        if f"'{declared}'" not in file.read():
            sys.exit(f"configure-node: the document says Nextcloud {declared}, the image has another version in {CODE}")


def installation_of(node):
    # What identifies the installation; None while the site is not installed.
    try:
        return {**secret(node["installationSecretArn"]), "installed": True}
    except NoValue:
        print("configure-node: the site is not installed yet")
        return None


def mark(installation):
    # Opens the node to users, or closes it: nginx and the health check look at this file, which Nextcloud can't write.
    path = f"{STATE}/installed"
    if installation is not None:
        write(path, "", 0o644, 0)
    elif os.path.exists(path):
        os.remove(path)


def main(parameter):
    node = json.loads(aws("ssm", "get-parameter", "--name", parameter)["Parameter"]["Value"])
    check_version(node["nextcloud"]["version"])
    database = secret(node["database"]["secretArn"])
    cache = secret(node["cache"]["secretArn"])
    installation = installation_of(node)
    # Until a lease hands out numbers: two nodes rarely meet in 512, and then ids made in the same millisecond only may.
    server_id = zlib.crc32(os.environ["INSTANCE_ID"].encode()) % 512
    # The constant moved to another class with PHP 8.4.
    tls = "$name = defined('Pdo\\Mysql::ATTR_SSL_CA') ? 'Pdo\\Mysql::ATTR_SSL_CA' : 'PDO::MYSQL_ATTR_SSL_CA';\n"
    tls += f"$CONFIG['dbdriveroptions'] = [constant($name) => '{CA}'];\n"
    config = site_config(node, database, cache, installation is not None)
    write(f"{CONFIG}/site.config.php", php(config, tls), 0o400, WEB)
    if installation is not None:
        write(f"{CONFIG}/config.php", php(installation), 0o400, WEB)
    mark(installation)
    write(f"{CONFIG}/environment", f"NEXTCLOUD_CONFIG_DIR={CONFIG}\nNC_serverid={server_id}\n", 0o644, 0)
    session = f"tls://{node['cache']['host']}:{node['cache']['port']}?auth[]={cache['password']}"
    pool = f"[nextcloud]\nenv[NC_serverid] = {server_id}\nphp_admin_value[session.save_handler] = redis\n"
    write("/etc/php-fpm.d/session.conf", f'{pool}php_admin_value[session.save_path] = "{session}"\n', 0o600, 0)
    public = {"host": node["host"], "cronProcesses": node["nextcloud"]["cronProcesses"]}
    write(f"{STATE}/node.json", json.dumps(public), 0o644, 0)
    files = node["fileSystem"]
    options = f"_netdev,noresvport,tls,iam,accesspoint={files['accessPointId']}"
    write(f"{STATE}/fstab", f"{files['id']}:/ {MOUNT} efs {options} 0 0\n", 0o644, 0)


main(sys.argv[1])
