"""What our APIs take and answer, as OpenAPI 3.0 describes it. The tests hold them to it."""
