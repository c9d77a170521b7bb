"""Programs around the tests: running them, counting what they prove, finding Chromium."""
