<?php
// What the load balancer asks: is the data mounted, and does Nextcloud answer for its own host? Maintenance is healthy, or the group would
// replace the node that upgrades.
declare(strict_types=1);

function answer(int $code, string $text): never
{
    http_response_code($code);
    header('Content-Type: text/plain');
    exit($text . "\n");
}

// The kernel's table only: anything that touches the path hangs on a dead server.
$mount = null;
foreach (file('/proc/self/mountinfo') ?: [] as $line) {
    $fields = explode(' ', trim($line));
    if ($fields[4] === '/mnt/nextcloud') {
        $mount = ['type' => $fields[array_search('-', $fields, true) + 1], 'options' => explode(',', $fields[5])];
    }
}
if ($mount === null || $mount['type'] !== 'nfs4') {
    answer(503, 'the data are not mounted');
}
if (in_array('ro', $mount['options'], true)) {
    answer(503, 'the data are mounted read-only');
}

$node = json_decode((string) @file_get_contents('/var/lib/nextcloud-node/node.json'), true);
if (!is_array($node)) {
    answer(503, 'the node is not configured');
}
// Before the installation Nextcloud is not asked: it would begin a configuration of its own. The node waits, closed to users.
if (!file_exists('/var/lib/nextcloud-node/installed')) {
    answer(200, 'not installed yet');
}
$context = stream_context_create(['http' => ['header' => 'Host: ' . $node['host'], 'timeout' => 6, 'ignore_errors' => true]]);
$status = json_decode((string) @file_get_contents('http://127.0.0.1:8081/status.php', false, $context), true);
if (!is_array($status)) {
    answer(503, 'Nextcloud does not answer');
}
if ($status['maintenance'] ?? false) {
    answer(200, 'in maintenance');
}
if ($status['needsDbUpgrade'] ?? false) {
    answer(503, 'the database needs an upgrade');
}
if (!($status['installed'] ?? false)) {
    answer(503, 'Nextcloud does not find its installation');
}
answer(200, 'ok');
