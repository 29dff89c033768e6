INSERT INTO migrations (name, checksum) SELECT {name:String}, {checksum:String}
