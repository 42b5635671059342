"""Search: a Django app that finds documents and knows nothing of the resources that they describe."""
