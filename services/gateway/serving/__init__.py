"""What every request and every answer passes, whether of a page or of the API."""
