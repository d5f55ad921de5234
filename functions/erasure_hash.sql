select sha256(salt || convert_to(value, 'UTF8'))
