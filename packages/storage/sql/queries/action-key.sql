-- The (session, call) that an action's id was made of.
SELECT session, call FROM records
WHERE tenant = {tenant:String} AND {{include:action-id}} = unhex({action:String}) AND session != '' AND call != ''
LIMIT 1
