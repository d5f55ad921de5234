"""Phase contract: what is old is archived, then dropped; the archive and the mapping are the way back."""
