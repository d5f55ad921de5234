"""What is held of one customer: export it (`c360 export`), take it out (`c360 erase`)."""
