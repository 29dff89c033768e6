SELECT ledger, count() AS rows, max(leaf) AS leaf_max, max(rx) AS rx_max FROM records GROUP BY ledger ORDER BY ledger
