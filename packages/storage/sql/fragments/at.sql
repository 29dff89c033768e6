if((ifNull(abs(reinterpretAsInt64(r.ts) - reinterpretAsInt64(r.rx)) > 86400000000000, true) AS at_is_rx), r.rx, assumeNotNull(r.ts))
