-- Which nodes will not rotate their serving certificate, by pool and reason?
--
-- An input of which nothing can be judged has a row without a control, so that its node is in the answer.

SELECT
    pool,
    f.effective AS effective,
    arrayStringConcat(if(empty(f.missing), [f.message], f.missing), '; ') AS reason,
    count() AS nodes,
    arraySort(groupArraySample(3, 1)(node)) AS examples
FROM nodes
ARRAY JOIN kubelet_findings(configz, options) AS f
WHERE f.control IN ('rotate-kubelet-server-certificate', '')
    AND f.effective != 'yes'
GROUP BY pool, effective, reason
ORDER BY pool, nodes DESC, reason;
