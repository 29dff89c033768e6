class = 'approval' AND scope NOT IN ('', 'once') AND verdict IN ('allow', 'modified')
