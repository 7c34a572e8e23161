<?php
// Runs Nextcloud's background jobs, in as many processes in the whole site as the document says. The lock is the database's: it ends with the
// connection, so a node that dies leaves none behind.
declare(strict_types=1);

if (!file_exists('/etc/nextcloud/config.php')) {
    exit(0);
}
exec('php /var/www/nextcloud/occ status --exit-code', $output, $unavailable);
if ($unavailable !== 0) {
    echo "in maintenance, or an upgrade is due: no background jobs now\n";
    exit(0);
}
require '/etc/nextcloud/site.config.php';
[$host, $port] = explode(':', $CONFIG['dbhost']);
$database = new PDO(
    "mysql:host=$host;port=$port;dbname={$CONFIG['dbname']}",
    $CONFIG['dbuser'],
    $CONFIG['dbpassword'],
    $CONFIG['dbdriveroptions'] + [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION],
);
$node = json_decode((string) file_get_contents('/var/lib/nextcloud-node/node.json'), true);
for ($process = 1; $process <= $node['cronProcesses']; $process++) {
    $lock = $database->prepare('SELECT GET_LOCK(?, 0)');
    $lock->execute(["{$CONFIG['dbname']}.cron.$process"]);
    if ((int) $lock->fetchColumn() === 1) {
        passthru('php -f /var/www/nextcloud/cron.php', $result);
        exit($result);
    }
}
