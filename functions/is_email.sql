select
    case
        when octet_length(address) = char_length(address) then address collate "C" ~ {{ plain_email() }}
        else address collate "C" ~ {{ international_email() }}
    end
    and split_part(address, '@', 2) collate "C" !~ '[^.]{64}'
