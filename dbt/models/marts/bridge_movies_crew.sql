with

credits as (

    select
        credit_key,
        credit_kind,
        movie_id,
        person_id,
        department,
        job,
        list_position
    from {{ ref('fact_credits') }}

),

final as (

    select
        credit_key,
        movie_id,
        person_id,
        department,
        job,
        list_position,
        coalesce(job = 'Director', false) as is_director,
        {{ is_writing_job('job') | indent(8) }} as is_writer

    from credits
    where credit_kind = 'crew'

)

select * from final
