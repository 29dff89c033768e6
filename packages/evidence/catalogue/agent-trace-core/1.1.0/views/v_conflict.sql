-- Ids under which two different claims were committed, as the ledger recorded it. Which of the two is true nobody can say, so
-- neither clears anything.
SELECT DISTINCT JSONExtractString(detail, 'record') AS contested_id FROM v_integrity WHERE kind = 'conflict' AND contested_id != ''
