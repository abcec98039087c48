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

companies as (

    select
        company_id,
        coalesce(company_name, 'Company without a name') as company_name,
        case
            when $level = 'parent' and parent_name is not null then parent_name
            else cast(company_id as text)
        end as company_key
    from dim_production_companies

),

-- A film with two labels of one group is one film of the group.
credits as (

    select
        companies.company_key,
        bridge.movie_id,
        least(sum(bridge.company_weight), 1) as weight
    from movies
    inner join bridge_movies_production_companies as bridge
        on movies.movie_id = bridge.movie_id
    inner join companies
        on bridge.company_id = companies.company_id
    where movies.money_revenue_usd is not null
    group by companies.company_key, bridge.movie_id

),

-- Decimals add up alike in any order; doubles would differ in the last digit.
totals as (

    select
        credits.company_key,
        sum(
            cast(
                movies.money_revenue_usd
                * case when $credit = 'full' then 1 else credits.weight end
                as decimal(18, 2)
            )
        ) as gross,
        count(*) as n_known,
        count(*) filter (where movies.is_analysed) as n_analysis,
        cast(
            count(*) filter (
                where
                    movies.is_analysed
                    and movies.break_even_state = 'likely profit'
            ) as double precision
        ) / nullif(count(*) filter (where movies.is_analysed), 0) as hit_rate,
        percentile_cont(0.5) within group (order by movies.roi)
            filter (where movies.is_analysed) as median_roi,
        percentile_cont(0.75) within group (order by movies.multiple)
            filter (where movies.is_analysed)
        / nullif(
            percentile_cont(0.25) within group (order by movies.multiple)
                filter (where movies.is_analysed),
            0
        ) as spread
    from credits
    inner join movies
        on credits.movie_id = movies.movie_id
    group by credits.company_key
    having count(*) filter (where movies.is_analysed) >= $min_films

),

leaders as (

    select *
    from totals
    order by gross desc, company_key
    limit 30

),

-- All films of the leaders, whether their money is known or not.
filmographies as (

    select
        leaders.company_key,
        min(companies.company_name) as company_name,
        min(companies.company_id) as company_id,
        count(distinct movies.movie_id) as n_films
    from leaders
    inner join companies
        on leaders.company_key = companies.company_key
    inner join bridge_movies_production_companies as bridge
        on companies.company_id = bridge.company_id
    inner join movies
        on bridge.movie_id = movies.movie_id
    group by leaders.company_key

)

select
    case
        when leaders.company_key = cast(filmographies.company_id as text)
            then filmographies.company_name
        else leaders.company_key
    end as company_name,
    cast(leaders.gross as double precision) as gross_usd,
    leaders.n_known,
    filmographies.n_films,
    cast(leaders.n_known as double precision) / filmographies.n_films as coverage,
    leaders.n_analysis,
    leaders.median_roi,
    leaders.hit_rate,
    (
        leaders.hit_rate + 1.9208 / leaders.n_analysis
        - 1.96 * sqrt(
            leaders.hit_rate * (1 - leaders.hit_rate) / leaders.n_analysis
            + 0.9604 / (leaders.n_analysis * leaders.n_analysis)
        )
    ) / (1 + 3.8416 / leaders.n_analysis) as hit_low,
    (
        leaders.hit_rate + 1.9208 / leaders.n_analysis
        + 1.96 * sqrt(
            leaders.hit_rate * (1 - leaders.hit_rate) / leaders.n_analysis
            + 0.9604 / (leaders.n_analysis * leaders.n_analysis)
        )
    ) / (1 + 3.8416 / leaders.n_analysis) as hit_high,
    leaders.spread,
    case
        when leaders.company_key = cast(filmographies.company_id as text)
            then filmographies.company_id
    end as company_id
from leaders
inner join filmographies
    on leaders.company_key = filmographies.company_key
order by leaders.gross desc, leaders.company_key
