"""The worker: it binds the features' job types to what does them."""
