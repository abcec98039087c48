with

observations as (

    select fetched_at
    from {{ ref('stg_tmdb__movies') }}

),

newest as (

    select max(fetched_at) as newest_fetched_at
    from observations

),

final as (

    select
        newest_fetched_at,
        {% if var('as_of_date') is none -%}
            cast(newest_fetched_at as date)
        {%- else -%}
            cast('{{ var("as_of_date") }}' as date)
        {%- endif %} as as_of_date

    from newest

)

select * from final
