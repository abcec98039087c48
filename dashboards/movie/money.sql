-- parameters: [id]
-- columns:
--   - { name: amount, label: Amount, format: text }
--   - { name: reported_usd, label: As entered at TMDB, format: usd }
--   - { name: real_usd, label: In real dollars, format: usd }
--   - { name: state, label: State, format: text }
--   - { name: reason, label: Why, format: text }
with

amounts as (

    select
        1 as place,
        'Budget' as amount,
        budget_usd as reported_usd,
        budget_real_usd as real_usd,
        budget_state as state,
        budget_suspect_reason as reason
    from mart_movies
    where movie_id = $id

    union all

    select
        2 as place,
        'Worldwide gross' as amount,
        revenue_usd as reported_usd,
        revenue_real_usd as real_usd,
        revenue_state as state,
        revenue_suspect_reason as reason
    from mart_movies
    where movie_id = $id

    union all

    select
        3 as place,
        'Net by a simple model' as amount,
        modelled_net_usd as reported_usd,
        cast(modelled_net_usd * (
            cast(budget_real_usd as double precision) / budget_usd
        ) as bigint) as real_usd,
        'model' as state,
        null as reason
    from mart_movies
    where movie_id = $id and modelled_net_usd is not null

)

select
    amount,
    reported_usd,
    real_usd,
    case state
        when 'known' then 'Known'
        when 'unknown' then 'Unknown'
        when 'model' then 'Modelled, not known'
        else 'Suspect, not used'
    end as state,
    case
        when state = 'known' then 'Nothing speaks against it'
        when state = 'unknown' then 'TMDB has no amount'
        when state = 'model' then '0.47 of the gross, less the budget and half of it for marketing'
        when reason = 'below_minimum' then 'Under $1,000: entered in thousands or millions'
        when reason = 'above_maximum' then 'More than any film'
        when reason = 'above_real_maximum' then 'More than any film in real dollars: another currency'
        when reason in ('equals_revenue', 'equals_budget') then 'Budget and gross are the same'
        when reason = 'too_small_for_revenue' then 'The gross is over 1,000 times as much'
        when reason = 'too_small_for_budget' then 'Under a thousandth of the budget'
        when reason = 'not_released' then 'The film is not released'
        when reason = 'future_release' then 'The release lies ahead'
        when reason = 'too_few_votes' then 'Over $20 M for each vote'
        when reason = 'changed_tenfold' then 'More than ten times off the amount before'
        else reason
    end as reason
from amounts
order by place
