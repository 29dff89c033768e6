ALTER TABLE {{table}} FREEZE WITH NAME '{{name}}'
