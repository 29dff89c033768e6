SELECT class, count() AS records
FROM records
WHERE tenant = {tenant:String} AND {{include:window}}
GROUP BY class
ORDER BY class
