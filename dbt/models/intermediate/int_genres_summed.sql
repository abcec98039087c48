{% set amounts = [
    'budget_usd', 'revenue_usd', 'budget_real_usd', 'revenue_real_usd'
] %}

with

films as (

    select
        genre_key, is_primary, genre_weight, is_in_analysis_set,
        budget_usd, revenue_usd, budget_real_usd, revenue_real_usd
    from {{ ref('int_movies_genres_valued') }}

),

attributed as (

    select 'full' as attribution, cast(1 as double precision) as weight, films.*
    from films
    union all
    select 'fractional' as attribution, genre_weight as weight, films.*
    from films
    union all
    select 'primary' as attribution, cast(1 as double precision) as weight, films.*
    from films
    where is_primary

),

final as (

    select
        attribution,
        genre_key,
        count(*) as n_population,
        {{ exact_sum('weight') }} as weighted_films,
        count(revenue_real_usd) as n_known_revenue,
        {{ exact_sum('weight * revenue_real_usd') }} as revenue_real_usd,
        {% for amount in amounts -%}
        {{ exact_sum(
            'case when is_in_analysis_set then weight * ' ~ amount ~ ' end'
        ) }} as funded_{{ amount }}{{ "," if not loop.last }}
        {% endfor %}
    from attributed
    group by attribution, genre_key

)

select * from final
