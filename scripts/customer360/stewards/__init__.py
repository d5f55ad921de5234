"""What stewards do: ask why records are one customer, and decide on the pairs in doubt."""
