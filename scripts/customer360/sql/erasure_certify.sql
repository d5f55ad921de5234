update {ops}.erasures set certificate = %(certificate)s
where erasure_id = %(erasure_id)s
