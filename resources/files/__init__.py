"""Files of resources: uploads become immutable versions, with covers, packs and checks."""
