-- parameters: [level, credit, min_films]
-- columns:
--   - { name: company_name, label: Company, format: text, link: company, key: company_id }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: n_known, label: Films with known gross, format: count }
--   - { name: n_films, label: Films, format: count }
--   - { name: coverage, label: Of their films, format: percent }
--   - { name: n_analysis, label: Films behind the returns, format: count }
--   - { name: median_roi, label: Median return, format: percent, n: n_analysis }
--   - { name: hit_rate, label: Likely profitable, format: percent, low: hit_low, high: hit_high, n: n_analysis }
--   - { name: hit_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: hit_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: spread, label: "Spread, upper ÷ lower quarter", format: multiple, n: n_analysis }
--   - { name: company_id, label: Company id, format: text, hidden: true }
with

-- A group goes by one of its companies.
companies as (

    select
        company_id,
        coalesce(company_name, 'Company without a name') as company_name,
        case when $level = 'parent' then parent_name end as parent_name,
        case
            when $level = 'parent' and parent_name is not null
                then min(company_id) over (partition by parent_name)
            else company_id
        end as group_id
    from dim_production_companies

),

-- Few films have a known gross: the leaders are found among those alone.
films as (

    select
        companies.group_id,
        companies.parent_name is not null as is_grouped,
        bridge.company_weight,
        movies.movie_id,
        movies.money_revenue_usd,
        movies.roi,
        movies.multiple,
        movies.is_analysed,
        movies.break_even_state
    from movies
    inner join bridge_movies_production_companies as bridge
        on movies.movie_id = bridge.movie_id
    inner join companies
        on bridge.company_id = companies.company_id
    where movies.money_revenue_usd is not null

),

-- A film with two labels of one group is one film of the group.
credits as (

    select
        group_id, company_weight as weight,
        money_revenue_usd, roi, multiple, is_analysed, break_even_state
    from films
    where not is_grouped

    union all

    select
        group_id, least(sum(company_weight), 1) as weight,
        money_revenue_usd, roi, multiple, is_analysed, break_even_state
    from films
    where is_grouped
    group by
        group_id, movie_id,
        money_revenue_usd, roi, multiple, is_analysed, break_even_state

),

-- Decimals add up alike in any order; doubles would differ in the last digit.
leaders as (

    select
        group_id,
        sum(
            cast(
                money_revenue_usd * case when $credit = 'full' then 1 else weight end
                as decimal(18, 2)
            )
        ) as gross,
        count(*) as n_known,
        count(*) filter (where is_analysed) as n_analysis
    from credits
    group by group_id
    having count(*) filter (where is_analysed) >= $min_films
    order by gross desc, group_id
    limit 30

),

-- What takes sorting, for the leaders alone.
returns as (

    select
        leaders.group_id,
        cast(
            count(*) filter (where credits.break_even_state = 'likely profit')
            as double precision
        ) / count(*) as hit_rate,
        percentile_cont(0.5) within group (order by credits.roi) as median_roi,
        percentile_cont(0.75) within group (order by credits.multiple)
        / nullif(
            percentile_cont(0.25) within group (order by credits.multiple), 0
        ) as spread
    from leaders
    inner join credits
        on leaders.group_id = credits.group_id
    where credits.is_analysed
    group by leaders.group_id

),

-- All films of the leaders, whether their money is known or not.
filmographies as (

    select
        leaders.group_id,
        min(companies.parent_name) as parent_name,
        min(companies.company_name) as company_name,
        count(distinct movies.movie_id) as n_films
    from leaders
    inner join companies
        on leaders.group_id = companies.group_id
    inner join bridge_movies_production_companies as bridge
        on companies.company_id = bridge.company_id
    inner join movies
        on bridge.movie_id = movies.movie_id
    group by leaders.group_id

)

select
    coalesce(filmographies.parent_name, filmographies.company_name)
        as company_name,
    cast(leaders.gross as double precision) as gross_usd,
    leaders.n_known,
    filmographies.n_films,
    cast(leaders.n_known as double precision) / filmographies.n_films as coverage,
    leaders.n_analysis,
    returns.median_roi,
    returns.hit_rate,
    (
        returns.hit_rate + 1.9208 / leaders.n_analysis
        - 1.96 * sqrt(
            returns.hit_rate * (1 - returns.hit_rate) / leaders.n_analysis
            + 0.9604 / (leaders.n_analysis * leaders.n_analysis)
        )
    ) / (1 + 3.8416 / leaders.n_analysis) as hit_low,
    (
        returns.hit_rate + 1.9208 / leaders.n_analysis
        + 1.96 * sqrt(
            returns.hit_rate * (1 - returns.hit_rate) / leaders.n_analysis
            + 0.9604 / (leaders.n_analysis * leaders.n_analysis)
        )
    ) / (1 + 3.8416 / leaders.n_analysis) as hit_high,
    returns.spread,
    case when filmographies.parent_name is null then leaders.group_id end
        as company_id
from leaders
inner join returns
    on leaders.group_id = returns.group_id
inner join filmographies
    on leaders.group_id = filmographies.group_id
order by leaders.gross desc, leaders.group_id
