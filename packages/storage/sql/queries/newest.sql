-- Answered from the bounds of the parts, without reading a row; of all tenants, so it is a bound and never shown.
SELECT concat(replaceOne(toString(max(rx)), ' ', 'T'), 'Z') AS newest FROM records
