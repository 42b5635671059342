"""API v1: parameters, serializers, schemas, documentation."""
