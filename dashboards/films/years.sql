-- parameters: [known, outcome, window, month, weekday, multiple, runtime]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: state, label: Outcome, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: gross_usd, label: Known gross, format: usd }
--   - { name: state_order, label: Order, format: count, hidden: true }
with

films as (

    select
        release_year,
        money_revenue_usd,
        case when is_analysed then break_even_state end as state
    from movies
    where
        (
            $known = 'any'
            or ($known = 'analysed' and is_analysed)
            or ($known = 'gross' and money_revenue_usd is not null)
            or ($known = 'budget' and money_budget_usd is not null)
        )
        and (
            cast($multiple as bigint) = 0
            or (is_analysed and multiple >= cast($multiple as bigint))
        )
        and ($outcome = 'any' or (is_analysed and break_even_state = $outcome))
        and ($window = 'any' or release_window = $window)
        and ($month = 'any' or cast(release_month as varchar) = $month)
        and ($weekday = 'any' or cast(release_weekday as varchar) = $weekday)
        and (
            cast($runtime as bigint) = 0
            or runtime_bin_start = cast($runtime as bigint) - cast($runtime as bigint) % 10
        )

)

select
    release_year,
    case state
        when 'likely profit' then 'Likely profit'
        when 'uncertain' then 'Uncertain'
        when 'likely loss' then 'Likely loss'
        else 'Not known'
    end as state,
    count(*) as n_movies,
    cast(sum(money_revenue_usd) as bigint) as gross_usd,
    case state
        when 'likely profit' then 1
        when 'uncertain' then 2
        when 'likely loss' then 3
        else 4
    end as state_order
from films
group by release_year, state
order by release_year, state_order
