"""What programs talk to over HTTP, and what stands between the network and everything else."""
