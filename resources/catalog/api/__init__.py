"""The API: what may be asked (questions), what is answered (answers), and both written down (schemas, document)."""
