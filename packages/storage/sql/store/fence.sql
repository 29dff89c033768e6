INSERT INTO fences (ledger, leaf_from, leaf_to, fence) SELECT {ledger:String}, {from:UInt64}, {to:UInt64}, {fence:UInt64}
