(
    SELECT throwIf(count() > 0, 'fenced') FROM fences
    WHERE ledger = {fence_ledger:String} AND leaf_from < {fence_to:UInt64} AND leaf_to > {fence_from:UInt64} AND fence > {fence:UInt64}
) = 0
