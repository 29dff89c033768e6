SELECT count() AS records
FROM records
WHERE tenant = {tenant:String} AND (class IN {classes:Array(String)} AND (class != 'egress' OR session = '') OR class = 'link' AND kind = 'egress_call')
    AND {{include:window}}
