"""customer360: five legacy customer registers in, one canonical customers table out."""
