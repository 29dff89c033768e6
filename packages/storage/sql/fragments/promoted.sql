'event', 'tool', 'kind', 'status', 'state', 'primary', 'success', 'exit_code', 'duration_ms', 'verdict', 'by', 'scope',
        'host', 'port', 'action', 'via', 'risk', 'hosts', 'refs', 'record', 'basis',
        'input_tokens', 'cached_input_tokens', 'output_tokens', 'reasoning_tokens', 'cost_usd_micros',
        'document', 'detail', 'counts', 'acc', 'roster'
