-- Which nodes will not rotate their serving certificate, by pool and reason?
--
-- An input that cannot be judged has one row with an empty control, so its node is in the result.

SELECT
    pool,
    f.effective AS effective,
    arrayStringConcat(if(empty(f.missing), [f.message], f.missing), '; ') AS reason,
    count() AS nodes,
    arraySort(groupArraySample(3, 1)(node)) AS examples
FROM nodes
ARRAY JOIN kubelet_findings(ifNull(configz, ''), ifNull(options, '')) AS f
WHERE f.control IN ('rotate-kubelet-server-certificate', '')
    AND f.effective != 'yes'
GROUP BY pool, effective, reason
ORDER BY pool, nodes DESC, reason;
