with

entries as (

    select movie_id, company_id, list_position
    from {{ ref('int_movies_production_companies_exploded') }}

),

final as (

    select
        movie_id,
        company_id,
        cast(
            row_number() over (
                partition by movie_id order by list_position asc
            ) as integer
        ) as company_position,
        cast(1 as double precision)
            / count(*) over (partition by movie_id) as company_weight

    from entries

)

select * from final
