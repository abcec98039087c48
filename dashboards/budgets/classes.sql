-- parameters: [measure]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: class_label, label: Budget, format: text }
--   - { name: share, label: Share, format: percent, n: n_year }
--   - { name: n_movies, label: Films of the class, format: count }
--   - { name: n_year, label: Films with known budget, format: count }
--   - { name: budget_usd, label: Their budgets, format: usd }
--   - { name: class_order, label: Order, format: count, hidden: true }
--   - { name: budget_class, label: Budget class, format: text, hidden: true }
with

classes as (

    select
        release_year,
        budget_class,
        count(*) as n_movies,
        sum(money_budget_usd) as budget_usd
    from movies
    where budget_class is not null
    group by release_year, budget_class

),

years as (

    select
        *,
        sum(n_movies) over (partition by release_year) as n_year,
        sum(budget_usd) over (partition by release_year) as year_usd
    from classes

)

select
    release_year,
    case budget_class
        when 'micro' then 'Under $1 M'
        when 'low' then '$1-10 M'
        when 'mid' then '$10-50 M'
        when 'upper-mid' then '$50-100 M'
        else '$100 M and over'
    end as class_label,
    case
        when $measure = 'films' then cast(n_movies as double precision) / n_year
        else cast(budget_usd as double precision) / year_usd
    end as share,
    n_movies,
    cast(n_year as bigint) as n_year,
    cast(budget_usd as bigint) as budget_usd,
    case budget_class
        when 'micro' then 1
        when 'low' then 2
        when 'mid' then 3
        when 'upper-mid' then 4
        else 5
    end as class_order,
    budget_class
from years
where n_year >= 10
order by release_year, class_order
