SELECT count() AS records
FROM records
WHERE tenant = {tenant:String} AND class IN {classes:Array(String)} AND (class != 'egress' OR session = '')
    AND {{include:window}}
