-- No pair made more films than either of the two, no streak is longer than all
-- top years, no recent record longer than that of all time, and parts of films
-- add up to the films.
select 'pair' as finding, first_person_id as person_id, n_films
from {{ ref('mart_person_pairs') }}
where n_films > n_first_films or n_films > n_second_films

union all

select 'streak' as finding, person_id, n_top_years as n_films
from {{ ref('mart_person_draws') }}
where
    streak_years > longest_streak_years
    or longest_streak_years > n_top_years

union all

select 'career' as finding, person_id, n_films
from {{ ref('mart_person_career') }}
where
    n_known_revenue > n_films
    or n_main_known_revenue > n_main_films
    or (
        person_role = 'actor'
        and (
            n_lead_films + n_principal_films + n_supporting_films <> n_films
            or n_lead_films + n_principal_films <> n_main_films
        )
    )

union all

select 'effect' as finding, recent.person_id, recent.n_films
from {{ ref('mart_person_bankability') }} as recent
left join {{ ref('mart_person_bankability') }} as overall
    on
        recent.person_id = overall.person_id
        and recent.person_role = overall.person_role
        and overall.period = 'all time'
where
    recent.period = 'recent'
    and recent.n_films > coalesce(overall.n_films, 0)

union all

select 'gender' as finding, cast(null as bigint) as person_id, n_credits as n_films
from {{ ref('mart_gender_year') }}
where
    n_women + n_men + n_non_binary <> n_known_gender
    or n_known_gender + n_unknown_gender <> n_credits
