at >= {from:DateTime64(9, 'UTC')} AND at < {to:DateTime64(9, 'UTC')}
    AND rx >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND rx <= {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
