select (hashtextextended(value, seed) & 16777215)::integer
