-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: credit_group, label: Among, format: text }
--   - { name: women_share, label: Women, format: percent, low: women_share_low, high: women_share_high }
--   - { name: women_share_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: women_share_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: n_known_gender, label: Credits of known gender, format: count }
--   - { name: unknown_gender_share, label: Gender unknown, format: percent }
--   - { name: n_films, label: Films, format: count }
--   - { name: is_complete_year, label: Year is over, format: flag, hidden: true }
select
    release_year,
    case credit_group
        when 'principal cast' then 'Principal cast'
        when 'directors' then 'Directors'
        else 'Writers'
    end as credit_group,
    case when n_known_gender >= 10 then women_share end as women_share,
    case when n_known_gender >= 10 then women_share_low end as women_share_low,
    case when n_known_gender >= 10 then women_share_high end as women_share_high,
    n_known_gender,
    unknown_gender_share,
    n_films,
    is_complete_year
from mart_gender_year
where release_year >= 1920
order by release_year, credit_group
