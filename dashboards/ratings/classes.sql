-- columns:
--   - { name: class_label, label: Budget, format: text }
--   - { name: n_movies, label: Films with known money and 50 votes, format: count }
--   - { name: rho, label: Spearman's ρ of rating and gross, format: number, low: low, high: high, n: n_movies }
--   - { name: low, label: Interval from, format: number, hidden: true }
--   - { name: high, label: Interval to, format: number, hidden: true }
--   - { name: class_order, label: Order, format: count, hidden: true }
--   - { name: budget_class, label: Budget class, format: text, hidden: true }
with

-- Whole classes and all films together; a rank is how many lie below it less
-- how many lie above.
films as (

    select
        budget_class,
        rating_score,
        money_revenue_usd
    from movies
    where
        is_analysed
        and vote_count >= 50
        and money_revenue_usd is not null
        and budget_class is not null

),

ranked as (

    select
        budget_class,
        rank() over (partition by budget_class order by rating_score)
            - rank() over (partition by budget_class order by rating_score desc) as x,
        rank() over (partition by budget_class order by money_revenue_usd)
            - rank() over (partition by budget_class order by money_revenue_usd desc) as y
    from films

    union all

    select
        'all' as budget_class,
        rank() over (order by rating_score)
            - rank() over (order by rating_score desc) as x,
        rank() over (order by money_revenue_usd)
            - rank() over (order by money_revenue_usd desc) as y
    from films

),

correlations as (

    select
        budget_class,
        count(*) as n_movies,
        cast(sum(x * y) as double precision)
            / nullif(sqrt(
                cast(sum(x * x) as double precision)
                * cast(sum(y * y) as double precision)
            ), 0) as rho
    from ranked
    group by budget_class
    having count(*) >= 10

),

-- Fisher's transformation with Bonett and Wright's error.
stretched as (

    select
        *,
        exp(2 * 1.96 * sqrt((1 + rho * rho / 2) / (n_movies - 3))) as stretch
    from correlations
    where rho is not null

)

select
    case budget_class
        when 'all' then 'All films'
        when 'micro' then 'Under $1 M'
        when 'low' then '$1-10 M'
        when 'mid' then '$10-50 M'
        when 'upper-mid' then '$50-100 M'
        else '$100 M and over'
    end as class_label,
    n_movies,
    rho,
    ((1 + rho) / stretch - (1 - rho)) / ((1 + rho) / stretch + (1 - rho)) as low,
    ((1 + rho) * stretch - (1 - rho)) / ((1 + rho) * stretch + (1 - rho)) as high,
    case budget_class
        when 'all' then 0
        when 'micro' then 1
        when 'low' then 2
        when 'mid' then 3
        when 'upper-mid' then 4
        else 5
    end as class_order,
    case when budget_class <> 'all' then budget_class end as budget_class
from stretched
order by class_order
