-- What `kubectl get --raw /api/v1/nodes/NODE/proxy/configz` printed for each node.

CREATE TABLE IF NOT EXISTS nodes (
    pool String,
    node String,
    kubelet_version String,
    configz String,
    options String MATERIALIZED toJSONString(map('node', node, 'nodeVersion', kubelet_version))
) ENGINE = MergeTree ORDER BY (pool, node);
