"""The cutover: five legacy plans on live tables, without anyone waiting, with a way back (README.md tells how)."""
